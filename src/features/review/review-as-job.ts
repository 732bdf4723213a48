import { AppError } from "../../base/errors.ts";
import type { JobContext } from "../../contracts/job.ts";
import type { ReviewOptions, ReviewResult } from "../../contracts/review.ts";
import { postReview } from "./posting/post-review.ts";
import { locateReview } from "./locate-review.ts";
import type { ReviewTarget } from "./review-target.ts";
import { runReview } from "./run-review.ts";

/**
 * One attempt of a review. First what needs no model is stored and posted; what a model adds is another kind of job, so
 * that the places of this one are never held by a model.
 */
export async function reviewAsJob(
  context: JobContext,
  options: ReviewOptions,
  { asksModel }: { readonly asksModel: boolean },
): Promise<ReviewResult> {
  const { services, signal, givenUp } = context;
  const onProgress = (progress: { readonly fraction: number | null; readonly message: string }): void =>
    context.progress(progress.fraction, progress.message);
  const located = await locateReview(toTarget(context, options), services, {
    onProgress,
    title: options.title,
    signal,
  });
  const { reviews } = await services.stores();
  const dismissals = await reviews.dismissals(located.source ?? "");
  const save = async (review: ReviewResult): Promise<void> => {
    if (review.head !== null) await context.about(review.head);
    await reviews.save(context.id, context.attempt, review);
  };
  const deliver = async (review: ReviewResult): Promise<ReviewResult> => {
    await save(review);
    if (options.post && options.pull !== null) await postReview(review, (await located.open()).diff, context);
    return review;
  };
  const review = await runReview(
    located,
    {
      baseline: null,
      dismissals: new Map(dismissals.map(({ fingerprint, reason }) => [fingerprint, reason])),
      foreign: [],
      useModel: options.useModel && givenUp === null,
      model: options.model ?? undefined,
      jobId: context.id,
      useCache: true,
      async onDeterministic(found) {
        if (asksModel) return;
        await deliver(found);
        context.handOver("review-model");
      },
      onProgress,
      signal,
    },
    services,
  );
  if (givenUp !== null) {
    const state = givenUp.code === "model-unavailable" ? "away" : "failed";
    return deliver({ ...review, model: { ...review.model, state, message: givenUp.message } });
  }
  if (review.model.state !== "away") return deliver(review);
  // What needs no model was delivered; the rest follows with a later attempt, as long as there are any.
  await save({ ...review, model: { ...review.model, state: "awaited" } });
  throw new AppError("model-unavailable", review.model.message ?? "The model could not be asked.");
}

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
