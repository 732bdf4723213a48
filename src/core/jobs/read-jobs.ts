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
  QueuePlace,
  Step,
} from "../../contracts/job.ts";
import { readRow, wrongState } from "./change-jobs.ts";
import { fromCursor, toCursor } from "./cursor.ts";
import { jobColumns, toJob, type JobRow } from "./job-row.ts";

/** Jobs whose durations the estimate is made of. */
const sampledJobs = 50;

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

export async function readPlace(database: Database, job: Job): Promise<QueuePlace | null> {
  if (job.status === "waiting")
    return {
      reason: "approval",
      message: `Waits for approval: ${job.approval?.question ?? ""}`,
      place: null,
      estimateMs: null,
    };
  if (job.status !== "pending") return null;
  const [facts] = await database.query<{
    is_due: boolean;
    wait_ms: number;
    ahead: number;
    slots: number;
    running: number;
    mean_ms: number | null;
  }>(
    `select me.run_at <= now() as is_due,
       (extract(epoch from me.run_at - now()) * 1000)::float8 as wait_ms,
       (select count(*)::int from jobs other where other.kind = me.kind and other.status = 'pending' and other.run_at <= now()
         and (-other.priority, other.turn, other.id) < (-me.priority, me.turn, me.id)) as ahead,
       (select coalesce(sum((kinds ->> me.kind)::int), 0)::int from workers
         where kinds ? me.kind and seen_at > now() - interval '15 seconds') as slots,
       (select count(*)::int from jobs other where other.kind = me.kind and other.status = 'processing') as running,
       (select avg(extract(epoch from finished_at - started_at) * 1000)::float8 from (
         select finished_at, started_at from jobs other where other.kind = me.kind and other.status = 'completed'
         order by id desc limit ${sampledJobs}) recent) as mean_ms
     from jobs me where me.id = $1 and me.status = 'pending'`,
    [job.id],
  );
  // It began while we looked.
  if (!facts) return null;
  const place = facts.ahead + 1;
  if (!facts.is_due)
    return {
      reason: "back-off",
      message: `Tries again in ${Math.ceil(facts.wait_ms / 1000)} s, after ${job.error?.code ?? "a failure"}.`,
      place,
      estimateMs: Math.ceil(facts.wait_ms),
    };
  if (facts.slots === 0)
    return {
      reason: "no-worker",
      message: `No worker takes jobs of kind ${job.kind} now.`,
      place,
      estimateMs: null,
    };
  const isNext = facts.ahead === 0;
  const rounds = Math.max(0, facts.ahead + 1 + facts.running - facts.slots) / facts.slots;
  return {
    reason: isNext ? "next" : "behind-others",
    message: isNext
      ? `The next of its kind; ${facts.running} of ${facts.slots} places are taken.`
      : `${facts.ahead} ${facts.ahead === 1 ? "job is" : "jobs are"} before it; ${facts.running} of ${facts.slots} places are taken.`,
    place,
    estimateMs: facts.mean_ms === null ? null : Math.ceil(rounds * facts.mean_ms),
  };
}

export async function readAttempts(
  database: Database,
  id: string,
): Promise<{ readonly attempts: readonly Attempt[]; readonly steps: readonly Step[] }> {
  const [attempts, steps] = await Promise.all([
    database.query<{
      attempt: number;
      worker_id: string;
      started_at: Date;
      finished_at: Date | null;
      outcome: Attempt["outcome"];
      error: Attempt["error"];
    }>("select * from attempts where job_id = $1 order by attempt", [id]),
    database.query<{ name: string; attempt: number; finished_at: Date | null }>(
      "select name, attempt, finished_at from steps where job_id = $1 order by finished_at nulls last",
      [id],
    ),
  ]);
  if (attempts.length === 0) await readRow(database, id);
  return {
    attempts: attempts.map((row) => ({
      attempt: row.attempt,
      workerId: row.worker_id,
      startedAt: row.started_at.toISOString(),
      finishedAt: row.finished_at?.toISOString() ?? null,
      outcome: row.outcome,
      error: row.error,
    })),
    steps: steps.map((row) => ({
      name: row.name,
      attempt: row.attempt,
      finishedAt: row.finished_at?.toISOString() ?? null,
    })),
  };
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
