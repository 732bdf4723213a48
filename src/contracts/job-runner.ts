import type { JobError, JobRequest } from "./job.ts";
import type { StoreRequest } from "./stores.ts";
import type { TraceParent } from "./tracing.ts";

/** One attempt of one job, whole: what runs it needs no database. */
export interface AttemptTask {
  readonly id: string;
  readonly kind: string;
  readonly attempt: number;
  readonly request: JobRequest;
  readonly options: unknown;
  readonly timeoutMs: number;
  /** Checkpoints of earlier attempts by step name. */
  readonly steps: Readonly<Record<string, Checkpoint>>;
  readonly traceParent: TraceParent | null;
  readonly requestId: string | null;
}

export interface Checkpoint {
  readonly inputHash: string;
  /** False: an effect that was begun, and nobody knows whether it happened. */
  readonly isFinished: boolean;
  /** Whether the step acts on the outside, and can find out whether it did. */
  readonly isEffect: boolean;
  readonly output: unknown;
}

/** Where an attempt reports to. Each rejects with `job-superseded` once the attempt is not the job's current one. */
export interface AttemptHooks {
  progress(fraction: number | null, message: string): void;
  log(level: "info" | "warn", message: string, fields?: Readonly<Record<string, unknown>>): void;
  saveStep(name: string, checkpoint: Checkpoint): Promise<void>;
  saveCommit(commit: string): Promise<void>;
  recall(key: string): Promise<string | null>;
  remember(key: string, value: string, lifeMs: number): Promise<void>;
  /** Does what a store's operation does. It belongs to no attempt: one that was given up may still say what it spent. */
  store(request: StoreRequest): Promise<unknown>;
}

export type AttemptEnd =
  /** `result` is JSON text. */
  | { readonly kind: "completed"; readonly result: string }
  | {
      readonly kind: "failed";
      readonly error: Omit<JobError, "traceId">;
      /** What somebody outside asked us to wait at least; `details.retryAfterMs` of the error. */
      readonly retryAfterMs?: number;
    }
  | { readonly kind: "waiting"; readonly name: string; readonly question: string }
  /** The job goes on as this kind. */
  | { readonly kind: "handed-over"; readonly to: string }
  /** The process that ran it died; nothing else did. */
  | { readonly kind: "crashed"; readonly message: string };

/** Runs attempts apart from the event loop that answers requests. */
export interface JobRunner {
  /** Resolves however the attempt ended. Aborting ends it and everything it started. */
  run(task: AttemptTask, hooks: AttemptHooks, signal: AbortSignal): Promise<AttemptEnd>;
  close(): Promise<void>;
}
