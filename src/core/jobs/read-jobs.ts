import { AppError } from "../../base/errors.ts";
import type { Database } from "../../contracts/database.ts";
import type {
  Attempt,
  Job,
  JobCounts,
  JobEvent,
  JobFilter,
  JobStatus,
  Page,
  Step,
} from "../../contracts/job.ts";
import { readRow, wrongState } from "./change-jobs.ts";
import { fromCursor, toCursor } from "./cursor.ts";
import { jobColumns, toJob, type JobRow } from "./job-row.ts";

export async function listJobs(
  database: Database,
  filter: JobFilter,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page<Job>> {
  const rows = await database.query<JobRow>(
    `select ${jobColumns} from jobs
     where ($1::text is null or status = $1) and ($2::text is null or kind = $2) and ($3::text is null or caller = $3)
       and ($4::text is null or repository_id = $4) and ($5::text is null or id < $5)
     order by id desc limit $6`,
    [
      filter.status ?? null,
      filter.kind ?? null,
      filter.caller ?? null,
      filter.repositoryId ?? null,
      page.cursor === undefined ? null : fromCursor(page.cursor),
      page.limit + 1,
    ],
  );
  const items = rows.slice(0, page.limit).map(toJob);
  return { items, nextCursor: rows.length > page.limit ? toCursor(items.at(-1)!.id) : null };
}

/** The rows of those ids that are there, in the order of `ids`; null for the others. */
export async function readRows(
  database: Database,
  ids: readonly string[],
): Promise<readonly (JobRow | null)[]> {
  const rows = await database.query<JobRow>(
    `select ${jobColumns} from jobs where id in (select json_array_elements_text($1::json))`,
    [JSON.stringify(ids)],
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

export interface History {
  readonly attempts: readonly Attempt[];
  readonly steps: readonly Step[];
}

/** Attempts and steps of each job, in the order of `ids`; both empty for a job that is not there. */
export async function readHistories(database: Database, ids: readonly string[]): Promise<readonly History[]> {
  const parameters = [JSON.stringify(ids)];
  const [attempts, steps] = await Promise.all([
    database.query<{
      job_id: string;
      attempt: number;
      worker_id: string;
      started_at: Date;
      finished_at: Date | null;
      outcome: Attempt["outcome"];
      error: Attempt["error"];
    }>(
      "select * from attempts where job_id in (select json_array_elements_text($1::json)) order by attempt",
      parameters,
    ),
    database.query<{ job_id: string; name: string; attempt: number; finished_at: Date | null }>(
      `select job_id, name, attempt, finished_at from steps
       where job_id in (select json_array_elements_text($1::json)) order by finished_at nulls last`,
      parameters,
    ),
  ]);
  const attemptsOf = Map.groupBy(attempts, (row) => row.job_id);
  const stepsOf = Map.groupBy(steps, (row) => row.job_id);
  return ids.map((id) => ({
    attempts: (attemptsOf.get(id) ?? []).map((row) => ({
      attempt: row.attempt,
      workerId: row.worker_id,
      startedAt: row.started_at.toISOString(),
      finishedAt: row.finished_at?.toISOString() ?? null,
      outcome: row.outcome,
      error: row.error,
    })),
    steps: (stepsOf.get(id) ?? []).map((row) => ({
      name: row.name,
      attempt: row.attempt,
      finishedAt: row.finished_at?.toISOString() ?? null,
    })),
  }));
}

/** @throws AppError `job-unknown`, `job-state` unless completed */
export async function readResult(database: Database, id: string): Promise<string> {
  const [row] = await database.query<{ content: string }>("select content from results where job_id = $1", [
    id,
  ]);
  if (row) return row.content;
  throw wrongState(await readRow(database, id), "only a completed job has a result");
}

export async function readEvents(
  database: Database,
  id: string,
  after: number,
  limit: number,
): Promise<readonly JobEvent[]> {
  const rows = await database.query<{
    seq: number;
    at: Date;
    type: JobEvent["type"];
    data: JobEvent["data"];
  }>("select seq, at, type, data from events where job_id = $1 and seq > $2 order by seq limit $3", [
    id,
    after,
    limit,
  ]);
  return rows.map((row) => ({ seq: row.seq, at: row.at.toISOString(), type: row.type, data: row.data }));
}

/** Where a job stands, as cheaply as it can be asked; null when it is gone. */
export async function readStanding(
  database: Database,
  id: string,
): Promise<{ readonly status: JobStatus; readonly eventSeq: number } | null> {
  const [row] = await database.query<{ status: JobStatus; event_seq: number }>(
    "select status, event_seq from jobs where id = $1",
    [id],
  );
  return row ? { status: row.status, eventSeq: row.event_seq } : null;
}

export async function countWaiting(database: Database): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    "select count(*)::int as count from jobs where status = 'pending'",
  );
  return row?.count ?? 0;
}

export async function readCounts(database: Database): Promise<JobCounts> {
  const [byKind, [totals]] = await Promise.all([
    database.query<{ kind: string; status: JobStatus; count: number }>(
      `select kind, status, count(*)::int as count from jobs
       where status in ('pending', 'processing', 'waiting', 'failed') group by kind, status order by kind, status`,
    ),
    database.query<{
      ready: number;
      oldest: number | null;
      processed: number;
      failed: number;
      p50: number | null;
      p95: number | null;
      workers: number;
    }>(
      `select
         (select count(*)::int from jobs where status = 'pending' and run_at <= now()) as ready,
         (select extract(epoch from now() - min(run_at))::float8 from jobs where status = 'pending' and run_at <= now()) as oldest,
         (select count(*)::int from jobs where finished_at >= date_trunc('day', now(), 'UTC') and status = 'completed') as processed,
         (select count(*)::int from jobs where finished_at >= date_trunc('day', now(), 'UTC') and status = 'failed') as failed,
         (select count(*)::int from workers where seen_at > now() - interval '15 seconds') as workers,
         spread.*
       from (
         select percentile_cont(0.5) within group (order by seconds) as p50, percentile_cont(0.95) within group (order by seconds) as p95
         from (select extract(epoch from finished_at - started_at)::float8 as seconds from jobs
           where finished_at > now() - interval '1 day' and status = 'completed' order by finished_at desc limit 1000) recent
       ) spread`,
    ),
  ]);
  if (!totals) throw new AppError("internal", "The database counted nothing.");
  return {
    byKind,
    ready: totals.ready,
    oldestReadySeconds: totals.oldest,
    processedToday: totals.processed,
    failedToday: totals.failed,
    durationSeconds: totals.p50 === null || totals.p95 === null ? null : { p50: totals.p50, p95: totals.p95 },
    workers: totals.workers,
  };
}
