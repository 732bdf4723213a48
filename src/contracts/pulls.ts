import type { PullRef, PullRequest, ReviewTrigger } from "./code-host.ts";

/** What became known of a pull request. */
export type PullNews =
  | {
      readonly kind: "review";
      readonly pull: PullRequest;
      readonly trigger: ReviewTrigger;
      /** Of a push: the head that it replaced, where the host says so. */
      readonly before: string | null;
      /** Reviewed again although this head was. */
      readonly isForced: boolean;
      /** Whether the review is posted. */
      readonly isPosted: boolean;
    }
  | {
      readonly kind: "end";
      readonly pull: PullRef;
      readonly reason: "closed" | "merged" | "draft";
      /** When, by the host's clock, ISO 8601. */
      readonly at: string | null;
    };

export interface PullContext {
  /** Sender's own id of the delivery that told it; null where there was none. */
  readonly deliveryKey: string | null;
  readonly requestId: string | null;
  readonly traceParent: string | null;
}

export interface PullOutcome {
  /** The review that there is now: just started, or started before for the same head. Null when there is none. */
  readonly jobId: string | null;
  readonly isNew: boolean;
  /** Why nothing was started; null when something was. */
  readonly reason: string | null;
}

/** What is known of a pull request from its news. */
export interface PullState {
  readonly head: string | null;
  readonly baseBranch: string | null;
  readonly state: "open" | "draft" | "closed" | "merged";
  readonly changedAt: string | null;
  /** The last review that was started for it. */
  readonly jobId: string | null;
}

/**
 * The pull requests that hosts told us of, and the reviews that follow: one job for each head and base branch, whoever
 * tells of it, how often and in which order. A newer push replaces what waits or runs for an older one.
 */
export interface Pulls {
  /**
   * Stores the news and the job that follows from it, or neither. A push waits for `webhooks.debounce` first.
   * @throws AppError `source-invalid`, `source-refused` and `request-invalid` for what no job can be made of, `overloaded`,
   * and those of `Database`
   */
  receive(news: PullNews, context: PullContext): Promise<PullOutcome>;
  /** Null when it was never heard of. A review whose head is not this one any more has no one to tell. */
  get(ref: PullRef): Promise<PullState | null>;
}
