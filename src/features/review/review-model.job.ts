import { defineJob } from "../../contracts/job.ts";
import { reviewOptionsSchema } from "../../contracts/review.ts";
import { reviewAsJob } from "./review-as-job.ts";

/** Has places of its own: a model that takes minutes, or hangs, keeps no review waiting. */
export default defineJob({
  kind: "review-model",
  summary: "Have a model read a change that was reviewed without one; `review` goes on as this by itself",
  needsSource: false,
  options: reviewOptionsSchema,
  // With their waits about an hour; then the review stays without the model.
  attempts: 12,
  backoff: { firstMs: 5_000, mostMs: 10 * 60_000 },
  timeoutMs: 30 * 60_000,
  concurrency: 4,
  priority: 0,
  dedupeKey: () => null,
  partOf: "review",
  settles: true,
  run: (context, options) => reviewAsJob(context, options, { asksModel: true }),
});
