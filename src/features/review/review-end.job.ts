import { z } from "zod";
import { defineJob } from "../../contracts/job.ts";
import { reviewResultSchema } from "../../contracts/review.ts";
import { endPosting } from "./posting/end-posting.ts";

export default defineJob({
  kind: "review-end",
  summary:
    "Say at the host that a review is not gone on with; started where the job of a posted one ended early",
  needsSource: false,
  options: z.strictObject({ review: z.string().min(1).max(100).describe("Id of the review") }),
  attempts: 12,
  backoff: { firstMs: 5_000, mostMs: 10 * 60_000 },
  timeoutMs: 2 * 60_000,
  concurrency: 2,
  priority: 0,
  dedupeKey: (_request, { review }) => review,
  async run(context, options) {
    const { reviews } = await context.services.stores();
    const review = reviewResultSchema.parse(JSON.parse(await reviews.get(options.review)));
    // Otherwise somebody goes on with it after all, or it had its last word.
    return review.model.state === "failed" ? endPosting(options.review, review, context) : null;
  },
});
