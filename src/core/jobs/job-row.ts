import type { Job, JobError, JobStatus } from "../../contracts/job.ts";

/** A row of the jobs table. */
export interface JobRow {
  readonly id: string;
  readonly kind: string;
  readonly status: JobStatus;
  readonly caller: string;
  readonly repository_id: string | null;
  readonly source: string | null;
  readonly commit_id: string | null;
  readonly input: { readonly rev: string | null; readonly options: Readonly<Record<string, unknown>> };
  readonly priority: number;
  readonly turn: number;
  readonly run_at: Date;
  readonly attempt: number;
  readonly failures: number;
  readonly losses: number;
  readonly max_attempts: number;
  readonly progress: number | null;
  readonly progress_message: string | null;
  readonly error: JobError | null;
  readonly approval: { readonly name: string; readonly question: string } | null;
  readonly event_seq: number;
  readonly request_id: string | null;
  readonly trace_parent: string | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
}

/** The columns of `JobRow`, for `select` and `returning`. */
export const jobColumns =
  "jobs.id, jobs.kind, jobs.status, jobs.caller, jobs.repository_id, jobs.source, jobs.commit_id, jobs.input, jobs.priority, jobs.turn, " +
  "jobs.run_at, jobs.attempt, jobs.failures, jobs.losses, jobs.max_attempts, jobs.progress, jobs.progress_message, " +
  "jobs.error, jobs.approval, jobs.event_seq, jobs.request_id, jobs.trace_parent, jobs.created_at, jobs.started_at, jobs.finished_at";

export function isFinal(status: JobStatus): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}

export function traceIdOf(traceParent: string | null): string | null {
  return traceParent?.split("-")[1] ?? null;
}

export function toJob(row: JobRow): Job {
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    source: row.source,
    rev: row.input.rev,
    commit: row.commit_id,
    options: { ...row.input.options },
    repositoryId: row.repository_id,
    caller: row.caller,
    priority: row.priority,
    attempt: row.attempt,
    maxAttempts: row.max_attempts,
    progress:
      row.progress_message === null && row.progress === null
        ? null
        : { fraction: row.progress, message: row.progress_message ?? "" },
    error: row.error,
    approval: row.approval,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    runAt: row.run_at.toISOString(),
    requestId: row.request_id,
    traceId: traceIdOf(row.trace_parent),
  };
}
