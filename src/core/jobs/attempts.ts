import { AppError } from "../../base/errors.ts";
import type { Database } from "../../contracts/database.ts";
import type { JobError, JobStatus } from "../../contracts/job.ts";
import type { Checkpoint } from "../../contracts/job-runner.ts";
import { jobColumns, type JobRow } from "./job-row.ts";

/** The life of an attempt in the database. Every write names the attempt, so that one that was given up writes nothing. */

/** Attempts that ended because their worker fell silent; more than this and the job is given up. */
const maxLosses = 20;

export interface ClaimedJob extends JobRow {
  readonly steps: Readonly<Record<string, Checkpoint>> | null;
}

/** Takes the best waiting job of a kind: by priority, then by turn. Null when none can start. */
export async function claimJob(
  database: Database,
  kind: string,
  worker: { readonly id: string; readonly leaseMs: number },
): Promise<ClaimedJob | null> {
  const rows = await database.query<ClaimedJob>(
    `with next as (
       select id from jobs where kind = $1 and status = 'pending' and run_at <= now()
       order by priority desc, turn, id limit 1 for update skip locked
     ), claimed as (
       update jobs set status = 'processing', attempt = attempt + 1, worker_id = $2, started_at = now(),
         lease_until = now() + $3::integer * interval '1 millisecond', progress = null, progress_message = null,
         event_seq = event_seq + 1
       from next where jobs.id = next.id
       returning ${jobColumns}
     ), begun as (
       insert into attempts (job_id, attempt, worker_id) select id, attempt, $2 from claimed
     ), told as (
       insert into events (job_id, seq, type, data)
       select id, event_seq, 'state', json_build_object('status', 'processing', 'attempt', attempt) from claimed
     )
     select claimed.*, (
       select json_object_agg(name, json_build_object(
         'inputHash', input_hash, 'isFinished', finished_at is not null, 'isEffect', is_effect, 'output', output))
       from steps where job_id = claimed.id
     ) as steps from claimed`,
    [kind, worker.id, worker.leaseMs],
  );
  return rows[0] ?? null;
}

export interface AttemptOutcome {
  readonly status: JobStatus;
  readonly outcome: "completed" | "failed" | "waiting" | "released";
  readonly reason?: string;
  readonly error?: JobError;
  /** For `pending`: wait before the next attempt. */
  readonly delayMs?: number;
  readonly approval?: { readonly name: string; readonly question: string };
  /** JSON text, for `completed`. */
  readonly result?: string;
  /** The job's kind from now on. */
  readonly kind?: string;
  /** With `kind`: it begins to count anew. */
  readonly begins?: { readonly priority: number; readonly maxAttempts: number };
}

/** Ends an attempt. @throws AppError `job-superseded` when it is no longer the job's current one */
export async function endAttempt(
  database: Database,
  id: string,
  attempt: number,
  end: AttemptOutcome,
): Promise<void> {
  const rows = await database.query(
    `with ended as (
       update jobs set status = $3, worker_id = null, lease_until = null, event_seq = event_seq + 1,
         error = case when $3 = 'completed' then null else coalesce($5::jsonb, error) end,
         progress = case when $3 = 'completed' then 1 else progress end,
         failures = case when $11::integer is not null then 0 when $4 = 'failed' then failures + 1 else failures end,
         kind = coalesce($10::text, kind), priority = coalesce($11::integer, priority),
         max_attempts = coalesce($12::integer, max_attempts),
         approval = $7::jsonb,
         run_at = case when $3 = 'pending' then now() + $6::integer * interval '1 millisecond' else run_at end,
         finished_at = case when $3 in ('completed', 'failed', 'cancelled') then now() end
       where id = $1 and attempt = $2 and status = 'processing'
       returning id, attempt, event_seq
     ), closed as (
       update attempts set finished_at = now(), outcome = $4, error = $5::jsonb
       from ended where attempts.job_id = ended.id and attempts.attempt = ended.attempt
     ), kept as (
       insert into results (job_id, content) select id, $8::text from ended where $8::text is not null
       on conflict (job_id) do update set content = excluded.content, created_at = now()
     ), told as (
       insert into events (job_id, seq, type, data)
       select id, event_seq, 'state', json_strip_nulls(json_build_object(
         'status', $3::text, 'attempt', attempt, 'reason', $9::text, 'error', $5::json, 'delayMs', nullif($6::integer, 0),
         'approval', $7::json)) from ended
     )
     select id from ended`,
    [
      id,
      attempt,
      end.status,
      end.outcome,
      end.error === undefined ? null : JSON.stringify(end.error),
      Math.round(end.delayMs ?? 0),
      end.approval === undefined ? null : JSON.stringify(end.approval),
      end.result ?? null,
      end.reason ?? null,
      end.kind ?? null,
      end.begins?.priority ?? null,
      end.begins?.maxAttempts ?? null,
    ],
  );
  if (rows.length === 0) throw superseded(id, attempt);
}

/** Keeps a step's output, or that an effect was begun. @throws AppError `job-superseded` */
export async function saveStep(
  database: Database,
  id: string,
  attempt: number,
  name: string,
  checkpoint: Checkpoint,
): Promise<void> {
  const rows = await database.query(
    `insert into steps (job_id, name, attempt, input_hash, output, finished_at, is_effect)
     select id, $3, attempt, $4, $5::json, case when $6 then now() end, $7
     from jobs where id = $1 and attempt = $2 and status = 'processing' for update
     on conflict (job_id, name) do update set attempt = excluded.attempt, input_hash = excluded.input_hash,
       output = excluded.output, finished_at = excluded.finished_at, is_effect = excluded.is_effect
     returning name`,
    [
      id,
      attempt,
      name,
      checkpoint.inputHash,
      toJson(checkpoint.output),
      checkpoint.isFinished,
      checkpoint.isEffect,
    ],
  );
  if (rows.length === 0) throw superseded(id, attempt);
}

/** Keeps which commit the job is about. @throws AppError `job-superseded` */
export async function saveCommit(
  database: Database,
  id: string,
  attempt: number,
  commit: string,
): Promise<void> {
  const rows = await database.query(
    `with owner as (
       update jobs set commit_id = $3 where id = $1 and attempt = $2 and status = 'processing' returning id, repository_id
     ), seen as (
       insert into snapshots (repository_id, commit_id) select repository_id, $3 from owner where repository_id is not null
       on conflict (repository_id, commit_id) do update set created_at = now()
     )
     select id from owner`,
    [id, attempt, commit],
  );
  if (rows.length === 0) throw superseded(id, attempt);
}

export interface NewEvent {
  readonly type: "progress" | "log";
  readonly data: Readonly<Record<string, unknown>>;
}

/** Appends events in order; the last progress among them also becomes the job's own. @throws AppError `job-superseded` */
export async function appendEvents(
  database: Database,
  id: string,
  attempt: number,
  events: readonly NewEvent[],
): Promise<void> {
  const progress = events.findLast((event) => event.type === "progress")?.data;
  const rows = await database.query(
    `with owner as (
       update jobs set event_seq = event_seq + $3::integer,
         progress = case when $5 then $6::real else progress end,
         progress_message = case when $5 then $7::text else progress_message end
       where id = $1 and attempt = $2 and status = 'processing'
       returning id, event_seq
     ), told as (
       insert into events (job_id, seq, type, data)
       select owner.id, owner.event_seq - $3::integer + item.ordinality, item.value ->> 'type', item.value -> 'data'
       from owner, json_array_elements($4::json) with ordinality as item
     )
     select id from owner`,
    [
      id,
      attempt,
      events.length,
      toJson(events),
      progress !== undefined,
      progress?.["fraction"] ?? null,
      progress?.["message"] ?? null,
    ],
  );
  if (rows.length === 0) throw superseded(id, attempt);
}

/** Says that the worker lives, and resolves to those of its attempts that are still its own, as `nameAttempt` names them. */
export async function renewLeases(
  database: Database,
  worker: { readonly id: string; readonly leaseMs: number },
  running: readonly { readonly id: string; readonly attempt: number }[],
): Promise<ReadonlySet<string>> {
  await database.query("update workers set seen_at = now() where id = $1", [worker.id]);
  if (running.length === 0) return new Set();
  const rows = await database.query<{ id: string; attempt: number }>(
    `update jobs set lease_until = now() + $2::integer * interval '1 millisecond'
     from jsonb_to_recordset($3::jsonb) as mine (id text, attempt integer)
     where jobs.id = mine.id and jobs.attempt = mine.attempt and jobs.status = 'processing' and jobs.worker_id = $1
     returning jobs.id, jobs.attempt`,
    [worker.id, worker.leaseMs, toJson(running)],
  );
  return new Set(rows.map(nameAttempt));
}

export function nameAttempt({ id, attempt }: { readonly id: string; readonly attempt: number }): string {
  return `${id} ${attempt}`;
}

/**
 * Gives jobs of silent workers back. `isAll`: of every worker, when none can be alive (one process owns the database).
 * Resolves to the ids of the jobs that changed.
 */
export async function reclaimLost(database: Database, isAll: boolean): Promise<readonly string[]> {
  const rows = await database.query<{ id: string }>(
    `with lost as (
       select id, attempt from jobs
       where status = 'processing' and ($1 or lease_until < now()) limit 500 for update skip locked
     ), changed as (
       update jobs set worker_id = null, lease_until = null, event_seq = event_seq + 1, losses = losses + 1,
         status = case when losses + 1 >= $2 then 'failed' else 'pending' end,
         error = jsonb_build_object('code', 'worker-lost', 'retry', true, 'traceId', split_part(coalesce(trace_parent, ''), '-', 2),
           'message', 'The worker ' || coalesce(worker_id, '?') || ' fell silent during attempt ' || jobs.attempt || '.',
           'help', $3::text),
         finished_at = case when losses + 1 >= $2 then now() end
       from lost where jobs.id = lost.id
       returning jobs.id, jobs.attempt, jobs.status, jobs.event_seq, jobs.error
     ), closed as (
       update attempts set finished_at = now(), outcome = 'lost', error = changed.error
       from changed where attempts.job_id = changed.id and attempts.attempt = changed.attempt
     ), told as (
       insert into events (job_id, seq, type, data)
       select id, event_seq, 'state', json_build_object('status', status, 'attempt', attempt, 'reason', 'worker-lost', 'error', error)
       from changed
     )
     select id from changed`,
    [isAll, maxLosses, new AppError("worker-lost", "").help],
  );
  return rows.map((row) => row.id);
}

/** `undefined` is stored as null. */
function toJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function superseded(id: string, attempt: number): AppError {
  return new AppError(
    "job-superseded",
    `Attempt ${attempt} of job ${id} is no longer the current one; what it wanted to write was refused.`,
  );
}
