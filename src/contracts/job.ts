import { z } from "zod";
import type { ErrorCode } from "../base/errors.ts";
import type { LogFields } from "./log.ts";
import type { Services } from "./services.ts";

export const jobStatuses = ["pending", "processing", "waiting", "completed", "failed", "cancelled"] as const;
/** `waiting`: for a person's approval. `completed`, `failed` and `cancelled` are final until a retry. */
export type JobStatus = (typeof jobStatuses)[number];

/** What every job is started with, beside the options of its kind. */
export interface JobRequest {
  /** Address or path of the repository; null for kinds that need none. */
  readonly source: string | null;
  readonly rev: string | null;
}

/** What a job can ask of whoever runs it: a worker, or the command line in its own process. */
export interface JobContext {
  readonly id: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly request: JobRequest;
  readonly services: Services;
  /** Aborted by cancel, time-out and shut-down: stop, and reject with its reason. */
  readonly signal: AbortSignal;
  /**
   * A checkpoint: runs `work` and keeps what it gives (JSON), so that a later attempt gets that instead of working again.
   * `input` is what the work depends on; when it differs from the last attempt's, the work is done anew.
   * With `recover` the work is an effect on the outside, which must not happen twice: when an earlier attempt died
   * between beginning and keeping it, `recover` looks whether it happened, and only if it gives undefined is it done again.
   */
  step<T>(
    name: string,
    work: (signal: AbortSignal) => Promise<T>,
    options?: { readonly input?: unknown; readonly recover?: () => Promise<T | undefined> },
  ): Promise<T>;
  /** Says which commit the job turned out to be about. */
  about(commit: string): Promise<void>;
  /** What any worker has worked out already under this key; otherwise does `work`, and keeps it for `lifeMs` if `isWorthKeeping`. */
  remember<T>(
    key: string,
    lifeMs: number,
    work: () => Promise<T>,
    isWorthKeeping: (value: T) => boolean,
  ): Promise<T>;
  /** `fraction` from 0 to 1; null while the whole is unknown. Cheap: what comes too fast is thinned out. */
  progress(fraction: number | null, message: string): void;
  log(level: "info" | "warn", message: string, fields?: LogFields): void;
  /**
   * A person's yes, with their comment. The first call ends the attempt with status `waiting`; once it is decided, the
   * next attempt's call resolves. @throws AppError `job-declined`
   */
  approval(name: string, question: string): Promise<{ readonly comment: string | null }>;
  /**
   * Ends this attempt; the job goes on as another kind, with its own places, attempts and priority, and the same options and
   * checkpoints. For what may take long and must not keep others of this kind waiting. Throws: call it last.
   */
  handOver(kind: string): never;
  /** Why the job was given up, in the one further attempt that a kind with `settles` gets then; else null. */
  readonly givenUp: Pick<JobError, "code" | "message"> | null;
}

/** One kind of job. Everything that a queue, an API and an operator must know about it stands here. */
export interface JobDefinition<O extends z.ZodType = z.ZodType, R = unknown> {
  /** kebab-case. */
  readonly kind: string;
  /** One line. */
  readonly summary: string;
  readonly needsSource: boolean;
  /** `options` of the request; everything in it has a default. */
  readonly options: O;
  /** Attempts in all before it is a dead letter; only transient errors are tried again. */
  readonly attempts: number;
  /** Wait before the second attempt; doubles each time up to `mostMs`, with jitter. */
  readonly backoff: { readonly firstMs: number; readonly mostMs: number };
  /** Longest time of one attempt. */
  readonly timeoutMs: number;
  /** Attempts at once in one worker. */
  readonly concurrency: number;
  /** −100 to 100; larger goes first. */
  readonly priority: number;
  /** Two requests of a caller with the same key are one job while it has not begun; null: each is its own. */
  dedupeKey(request: JobRequest, options: z.output<O>): string | null;
  /** The kind that hands its jobs over to this one. They end under that kind's name. */
  readonly partOf?: string;
  /** A job that is given up gets one further attempt, to put in order what it began on the outside. */
  readonly settles?: boolean;
  run(context: JobContext, options: z.output<O>): Promise<R>;
}

export function defineJob<O extends z.ZodType, R>(definition: JobDefinition<O, R>): JobDefinition<O, R> {
  return definition;
}

/** An entry of the generated registry. */
export type JobDefinitions = ReadonlyMap<string, JobDefinition>;

/** Why an attempt or a job failed, as it is stored and shown. */
export const jobErrorSchema = z
  .object({
    code: z.string().describe("Code of the error table") as unknown as z.ZodType<ErrorCode>,
    message: z.string(),
    help: z.string(),
    retry: z.boolean().describe("Whether the same job may succeed later without anything being changed"),
    traceId: z.string().nullable(),
  })
  .meta({ id: "JobError" });
export type JobError = z.output<typeof jobErrorSchema>;

const time = () => z.iso.datetime();

/** A job as everybody sees it. */
export const jobSchema = z
  .object({
    id: z.string(),
    kind: z.string(),
    status: z.enum(jobStatuses),
    source: z.string().nullable(),
    rev: z.string().nullable(),
    commit: z.string().nullable().describe("The commit that the job turned out to be about"),
    options: z.record(z.string(), z.unknown()),
    repositoryId: z.string().nullable(),
    caller: z.string().describe("Who asked"),
    priority: z.number().int(),
    attempt: z.number().int().describe("Number of the last attempt; 0 before the first"),
    maxAttempts: z.number().int(),
    progress: z.object({ fraction: z.number().min(0).max(1).nullable(), message: z.string() }).nullable(),
    error: jobErrorSchema.nullable().describe("The last failure, also of a job that is tried again"),
    approval: z
      .object({ name: z.string(), question: z.string() })
      .nullable()
      .describe("What a person is asked while the status is `waiting`"),
    createdAt: time(),
    startedAt: time().nullable().describe("Start of the last attempt"),
    finishedAt: time().nullable(),
    runAt: time().describe("Not before this"),
    requestId: z.string().nullable(),
    traceId: z.string().nullable(),
  })
  .meta({ id: "Job" });
export type Job = z.output<typeof jobSchema>;

/** Why a job is not running yet. */
export const queuePlaceSchema = z
  .object({
    reason: z
      .enum(["next", "behind-others", "no-worker", "back-off", "approval"])
      .describe("What it waits for"),
    message: z.string(),
    place: z.number().int().nullable().describe("1: the next of its kind"),
    estimateMs: z
      .number()
      .nullable()
      .describe("Expected time until it starts, from the durations of recent jobs; null when unknown"),
  })
  .meta({ id: "QueuePlace" });
export type QueuePlace = z.output<typeof queuePlaceSchema>;

/** One attempt as an operator sees it. */
export const attemptSchema = z
  .object({
    attempt: z.number().int(),
    workerId: z.string(),
    startedAt: time(),
    finishedAt: time().nullable(),
    outcome: z.enum(["completed", "failed", "cancelled", "waiting", "lost", "released"]).nullable(),
    error: jobErrorSchema.nullable(),
  })
  .meta({ id: "Attempt" });
export type Attempt = z.output<typeof attemptSchema>;

export const stepSchema = z
  .object({ name: z.string(), attempt: z.number().int(), finishedAt: time().nullable() })
  .meta({ id: "Step" });
export type Step = z.output<typeof stepSchema>;

/** Stored, numbered from 1 without gaps for each job. */
export const jobEventSchema = z
  .object({
    seq: z.number().int(),
    at: time(),
    type: z.enum(["state", "progress", "log"]),
    data: z
      .record(z.string(), z.unknown())
      .describe(
        "state: {status, attempt, reason?, error?}; progress: {fraction, message, attempt}; log: {level, message, fields?, attempt}",
      ),
  })
  .meta({ id: "JobEvent" });
export type JobEvent = z.output<typeof jobEventSchema>;

export interface StartRequest {
  readonly kind: string;
  readonly source?: string | null | undefined;
  readonly rev?: string | null | undefined;
  readonly options?: unknown;
  readonly priority?: number | undefined;
}

export interface StartContext {
  readonly caller: string;
  /** Sender's own id of the request, with what it was sent to. */
  readonly delivery?: { readonly origin: string; readonly key: string } | undefined;
  readonly requestId?: string | null;
  readonly traceParent?: string | null;
  /** Whether a path of this machine may be named. */
  readonly allowsLocalSources: boolean;
  /** Relative paths of local sources start here. */
  readonly cwd?: string;
}

export interface JobFilter {
  readonly status?: JobStatus | undefined;
  readonly kind?: string | undefined;
  readonly caller?: string | undefined;
  readonly repositoryId?: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Opaque; gives the next page. Null at the end. */
  readonly nextCursor: string | null;
}

/** Everything that can be done with jobs, short of running them. */
export interface Jobs {
  /**
   * Stores a job durably. `isNew` is false when the same request was there already.
   * @throws AppError `kind-unknown`, `request-invalid`, `source-invalid`, `source-refused`, `idempotency-mismatch`, `overloaded`
   */
  start(
    request: StartRequest,
    context: StartContext,
  ): Promise<{ readonly job: Job; readonly isNew: boolean }>;
  /** Newest first. @throws AppError `request-invalid` for a cursor that is none of ours */
  list(
    filter: JobFilter,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<Page<Job>>;
  /** @throws AppError `job-unknown`, as do all below */
  get(id: string): Promise<Job>;
  /** Why it waits; null unless `pending` or `waiting`. */
  place(job: Job): Promise<QueuePlace | null>;
  attempts(id: string): Promise<{ readonly attempts: readonly Attempt[]; readonly steps: readonly Step[] }>;
  /** JSON text. @throws AppError `job-state` unless completed */
  result(id: string): Promise<string>;
  /** Events with a `seq` above `after`, in order, at most `limit`. */
  events(id: string, after: number, limit: number): Promise<readonly JobEvent[]>;
  /** The same as they come, until the job has reached its end (and no later than `signal`). Ends also when it is deleted. */
  follow(id: string, after: number, signal: AbortSignal): AsyncIterable<JobEvent>;
  /** Starts a failed job anew and clears its result, error and checkpoints. @throws AppError `job-state` unless failed */
  retry(id: string): Promise<Job>;
  /** Stops it wherever it is. A job that has reached its end stays as it is. @throws AppError `job-state` when completed or failed */
  cancel(id: string): Promise<Job>;
  /** Deletes it with its result, whatever its status; what runs is stopped. */
  delete(id: string): Promise<void>;
  /** A person's answer. @throws AppError `job-state` unless waiting */
  decide(
    id: string,
    decision: { readonly isApproved: boolean; readonly comment: string | null },
  ): Promise<Job>;
  counts(): Promise<JobCounts>;
}

export interface JobCounts {
  /** By kind and status: those that have not ended, and the failed ones. */
  readonly byKind: readonly { readonly kind: string; readonly status: JobStatus; readonly count: number }[];
  /** Jobs that could start now. */
  readonly ready: number;
  /** Age in seconds of the oldest of them. */
  readonly oldestReadySeconds: number | null;
  /** Since midnight UTC. */
  readonly processedToday: number;
  readonly failedToday: number;
  /** Seconds, over the last 1 000 completed jobs of the last day; null when there are none. */
  readonly durationSeconds: { readonly p50: number; readonly p95: number } | null;
  readonly workers: number;
}
