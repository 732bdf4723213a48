import { createHash } from "node:crypto";
import type { Cache } from "../../contracts/cache.ts";
import { type ReviewResult, reviewResultSchema } from "../../contracts/review.ts";

const space = "review-result/1";

/** Whole reviews under everything that decided them: the same head again is read and looked at by nobody. */
export interface ReviewMemory {
  /** As it was found, without what it cost. */
  recall(identity: string): ReviewResult | null;
  keep(identity: string, review: ReviewResult): void;
}

/** `context` is all that decides a review beside the repository's commits. Null as `cache`: nothing is remembered. */
export function createReviewMemory(cache: Cache | null, context: readonly unknown[]): ReviewMemory {
  const told = JSON.stringify(context);
  const keyOf = (identity: string): string =>
    createHash("sha256").update(`${identity}\n${told}`).digest("base64url");
  return {
    recall(identity) {
      const bytes = cache?.get(space, keyOf(identity)) ?? null;
      if (bytes === null) return null;
      const parsed = reviewResultSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
      if (!parsed.success) return null;
      const { passes, model } = parsed.data;
      return {
        ...parsed.data,
        passes: passes.map((pass) => ({ ...pass, tookMs: 0 })),
        model: {
          ...model,
          calls: 0,
          ...(model.calls === 0 ? {} : { inputTokens: 0, outputTokens: 0, costUsd: 0 }),
        },
      };
    },
    keep(identity, review) {
      cache?.putMany(space, [[keyOf(identity), new TextEncoder().encode(JSON.stringify(review))]]);
    },
  };
}
