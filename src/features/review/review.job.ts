import { createHash } from "node:crypto";
import { AppError } from "../../base/errors.ts";
import { defineJob, type JobContext } from "../../contracts/job.ts";
import { type ReviewOptions, reviewOptionsSchema, type ReviewResult } from "../../contracts/review.ts";
import { postReview } from "./posting/post-review.ts";
import { prepareReview } from "./prepare-review.ts";
import type { ReviewTarget } from "./review-target.ts";
import { runReview } from "./run-review.ts";

/** The model's part is waited for this often; then the review stays without it. */
const attempts = 12;

export default defineJob({
  kind: "review",
  summary: "Review a change: a pull request, a range of commits or a patch",
  needsSource: false,
  options: reviewOptionsSchema,
  attempts,
  backoff: { firstMs: 5_000, mostMs: 10 * 60_000 },
  timeoutMs: 30 * 60_000,
  concurrency: 4,
  priority: 30,
  dedupeKey: (request, options) =>
    createHash("sha256")
      .update(JSON.stringify([request.source, request.rev, options]))
      .digest("base64url"),
  async run(context, options) {
    const { services, signal } = context;
    const onProgress = (progress: { readonly fraction: number | null; readonly message: string }): void =>
      context.progress(progress.fraction, progress.message);
    const prepared = await prepareReview(toTarget(context, options), services, {
      onProgress,
      title: options.title,
      signal,
    });
    if (prepared.head !== null) await context.about(prepared.head);
    const { reviews } = await services.stores();
    const dismissals = await reviews.dismissals(prepared.source ?? "");
    const deliver = async (review: ReviewResult): Promise<void> => {
      await reviews.save(context.id, context.attempt, review);
      if (options.post && options.pull !== null) await postReview(review, prepared.diff, context);
    };
    const review = await runReview(
      prepared,
      {
        baseline: null,
        dismissals: new Map(dismissals.map(({ fingerprint, reason }) => [fingerprint, reason])),
        foreign: [],
        useModel: options.useModel,
        model: options.model ?? undefined,
        jobId: context.id,
        useCache: true,
        onDeterministic: deliver,
        onProgress,
        signal,
      },
      services,
    );
    // What needs no model is delivered; the rest follows with a later attempt, as long as there are any.
    if (review.model.state === "away" && context.attempt < attempts) {
      await deliver({ ...review, model: { ...review.model, state: "awaited" } });
      throw new AppError(
        "model-unavailable",
        `The review is there, without the model's part: ${review.model.message ?? "it could not be asked"}`,
      );
    }
    await deliver(review);
    return review;
  },
});

function toTarget({ request }: JobContext, options: ReviewOptions): ReviewTarget {
  const { pull, patch, base } = options;
  if (patch !== null) return { kind: "patch", text: patch };
  if (pull !== null)
    return {
      kind: "pull",
      pull,
      ...(request.source === null || base === null
        ? {}
        : {
            known: {
              cloneUrl: request.source,
              head: request.rev,
              base,
              title: options.title,
              body: null,
            },
          }),
    };
  if (request.source === null)
    throw new AppError(
      "request-invalid",
      "A review needs a source, or one of the options `patch` and `pull`.",
    );
  return { kind: "range", source: request.source, cwd: "/", base, head: request.rev };
}
