import type { FailureKind } from "./failure.ts";

/**
 * What to do about a failed call. `retry`: the same model again, after a moment; when that has been done often enough,
 * `fallback`: the next model. `cool-down`: the same, and nobody asks this model for a while. `stop`: another model would be
 * no better, or must not be asked.
 */
export type Decision =
  | { readonly action: "retry"; readonly waitMs: number | null }
  | { readonly action: "fallback" }
  | { readonly action: "cool-down"; readonly coolDownMs: number }
  | { readonly action: "stop" };

/** Up to here it is waited for within the question; longer, and everybody leaves the model alone meanwhile. */
const shortWaitMs = 5_000;
const quotaMs = 60_000;

const stop: Decision = { action: "stop" };
const fallback: Decision = { action: "fallback" };
const retrySoon = (retryAfterMs: number | null): Decision => ({
  action: "retry",
  waitMs: retryAfterMs === null ? null : Math.min(retryAfterMs, shortWaitMs),
});

const policy: Readonly<Record<FailureKind, (retryAfterMs: number | null) => Decision>> = {
  cancelled: () => stop,
  filtered: () => stop,
  rejected: () => stop,
  // Left alone by nobody: once it is put right it must work at once.
  key: () => fallback,
  "unknown-model": () => fallback,
  quota: (retryAfterMs) => ({ action: "cool-down", coolDownMs: retryAfterMs ?? quotaMs }),
  overloaded: (retryAfterMs) =>
    retryAfterMs === null || retryAfterMs <= shortWaitMs
      ? { action: "retry", waitMs: retryAfterMs }
      : { action: "cool-down", coolDownMs: retryAfterMs },
  unreachable: retrySoon,
  interrupted: retrySoon,
  invalid: retrySoon,
  // Waiting once more as long as one has waited already helps nobody.
  timeout: () => fallback,
  // It has had its repair turn.
  malformed: () => fallback,
  // Only to a model with more room, which the loop sees to.
  overflow: () => fallback,
};

/** The whole policy: a function of what went wrong (which says what the status meant) and the wait that was asked for. */
export function decideOnFailure(kind: FailureKind, retryAfterMs: number | null): Decision {
  return policy[kind](retryAfterMs);
}
