import { AppError } from "../../base/errors.ts";
import type { Database, Queryable } from "../../contracts/database.ts";
import type { JobStatus } from "../../contracts/job.ts";
import { jobColumns, type JobRow } from "./job-row.ts";

/** What people do to jobs. Each is one statement, so that it happens or does not. */

/** @throws AppError `job-unknown`, `job-state` when it is completed or failed */
export async function cancelJob(database: Database, id: string): Promise<JobRow> {
  const rows = await cancelJobs(database, [id]);
  if (rows[0]) return rows[0];
  const row = await readRow(database, id);
  // Twice is no mistake.
  if (row.status === "cancelled") return row;
  throw wrongState(row, "only a job that has not ended can be cancelled");
}

/** Cancels those of the jobs that have not ended, and resolves to them. */
export async function cancelJobs(database: Queryable, ids: readonly string[]): Promise<readonly JobRow[]> {
  return database.query<JobRow>(
    `with changed as (
       update jobs set status = 'cancelled', worker_id = null, lease_until = null, approval = null,
         event_seq = event_seq + 1, finished_at = now()
       where id = any($1::text[]) and status in ('pending', 'processing', 'waiting')
       returning ${jobColumns}
     ), closed as (
       -- Always there. As an insert because an update would not see it when the claim was committed while we waited.
       insert into attempts (job_id, attempt, worker_id, finished_at, outcome)
       select id, attempt, '', now(), 'cancelled' from changed where attempt > 0
       on conflict (job_id, attempt) do update set finished_at = excluded.finished_at, outcome = excluded.outcome
         where attempts.outcome is null
     ), told as (
       insert into events (job_id, seq, type, data)
       select id, event_seq, 'state', json_build_object('status', 'cancelled', 'attempt', attempt) from changed
     )
     select * from changed`,
    [ids],
  );
}

/** @throws AppError `job-unknown`, `job-state` unless failed */
export async function retryJob(database: Database, id: string): Promise<JobRow> {
  const rows = await database.query<JobRow>(
    `with changed as (
       update jobs set status = 'pending', failures = 0, losses = 0, error = null, progress = null, progress_message = null,
         approval = null, run_at = now(), finished_at = null, event_seq = event_seq + 1, turn = greatest(
           (select min(turn) from jobs other where other.kind = jobs.kind and status = 'pending'),
           (select max(turn) + 1 from jobs other where other.kind = jobs.kind and other.caller = jobs.caller and status = 'pending'),
           0)
       where id = $1 and status = 'failed'
       returning ${jobColumns}
     ), cleared as (
       delete from results using changed where results.job_id = changed.id
     ), forgotten as (
       delete from steps using changed where steps.job_id = changed.id and not is_effect
     ), doubted as (
       -- What may have happened on the outside is looked for again, not done again.
       update steps set finished_at = null, output = null from changed where steps.job_id = changed.id and is_effect
     ), told as (
       insert into events (job_id, seq, type, data)
       select id, event_seq, 'state', json_build_object('status', 'pending', 'attempt', attempt, 'reason', 'retry') from changed
     )
     select * from changed`,
    [id],
  );
  return rows[0] ?? rejectState(database, id, "only a failed job can be tried again");
}

/** A person's answer to what a waiting job asked. @throws AppError `job-unknown`, `job-state` unless waiting */
export async function decideJob(
  database: Database,
  id: string,
  decision: { readonly isApproved: boolean; readonly comment: string | null },
): Promise<JobRow> {
  const rows = await database.query<JobRow>(
    `with asked as (
       select id, approval from jobs where id = $1 and status = 'waiting' for update
     ), kept as (
       insert into steps (job_id, name, attempt, input_hash, output, finished_at)
       select jobs.id, 'approval:' || (asked.approval ->> 'name'), jobs.attempt, '', $2::json, now()
       from asked join jobs using (id)
       on conflict (job_id, name) do update set output = excluded.output, finished_at = now()
     ), changed as (
       update jobs set status = 'pending', approval = null, run_at = now(), event_seq = event_seq + 1
       from asked where jobs.id = asked.id
       returning ${jobColumns}
     ), told as (
       insert into events (job_id, seq, type, data)
       select id, event_seq, 'state', json_build_object('status', 'pending', 'attempt', attempt, 'reason', $3::text) from changed
     )
     select * from changed`,
    [id, JSON.stringify(decision), decision.isApproved ? "approved" : "declined"],
  );
  return rows[0] ?? rejectState(database, id, "only a job that waits for approval can be decided");
}

/** @throws AppError `job-unknown` */
export async function deleteJob(database: Database, id: string): Promise<void> {
  const rows = await database.query("delete from jobs where id = $1 returning id", [id]);
  if (rows.length === 0) throw unknownJob(id);
}

/** @throws AppError `job-unknown` */
export async function readRow(database: Queryable, id: string): Promise<JobRow> {
  const rows = await database.query<JobRow>(`select ${jobColumns} from jobs where id = $1`, [id]);
  if (!rows[0]) throw unknownJob(id);
  return rows[0];
}

async function rejectState(database: Database, id: string, rule: string): Promise<never> {
  throw wrongState(await readRow(database, id), rule);
}

export function wrongState(row: { readonly id: string; readonly status: JobStatus }, rule: string): AppError {
  return new AppError("job-state", `Job ${row.id} is ${row.status}; ${rule}.`, { status: row.status });
}

export function unknownJob(id: string): AppError {
  return new AppError("job-unknown", `There is no job ${JSON.stringify(id).slice(0, 100)}.`);
}
