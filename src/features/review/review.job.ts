import { createHash } from "node:crypto";
import { defineJob } from "../../contracts/job.ts";
import { reviewOptionsSchema } from "../../contracts/review.ts";
import { reviewAsJob } from "./review-as-job.ts";

export default defineJob({
  kind: "review",
  summary: "Review a change: a pull request, a range of commits or a patch",
  needsSource: false,
  options: reviewOptionsSchema,
  attempts: 12,
  backoff: { firstMs: 5_000, mostMs: 10 * 60_000 },
  timeoutMs: 30 * 60_000,
  concurrency: 4,
  priority: 30,
  dedupeKey: (request, options) =>
    createHash("sha256")
      .update(JSON.stringify([request.source, request.rev, options]))
      .digest("base64url"),
  run: (context, options) => reviewAsJob(context, options, { asksModel: false }),
});
