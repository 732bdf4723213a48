import type { Database, Queryable } from "../../contracts/database.ts";
import { jobColumns, type JobRow } from "./job-row.ts";

/** A job that is about to be stored. Times are the database's. */
export interface NewJob {
  readonly id: string;
  readonly kind: string;
  readonly caller: string;
  /** Null for kinds without one; `id` is used if the source was never named before. */
  readonly repository: { readonly id: string; readonly source: string; readonly name: string } | null;
  readonly rev: string | null;
  readonly options: unknown;
  readonly dedupeKey: string | null;
  readonly priority: number;
  readonly maxAttempts: number;
  readonly requestId: string | null;
  readonly traceParent: string | null;
  readonly delivery: { readonly origin: string; readonly key: string; readonly bodyHash: string } | null;
  /** Starts no sooner than this much later. */
  readonly delayMs: number;
}

export type StoredJob =
  | { readonly kind: "stored"; readonly row: JobRow; readonly isNew: boolean }
  /** The delivery was seen before with another body. */
  | { readonly kind: "mismatch" };

/** A waiting twin may begin between our looking for it and our insert. */
const maxRounds = 5;

type Outcomes = ReadonlyMap<NewJob, StoredJob>;

/**
 * Stores many jobs with one statement, or with a handful where some are deliveries; the outcomes are in the order of
 * `jobs`. Rows that others may be storing too are written in one order everywhere: in another order, two of us would wait
 * for each other.
 */
export async function storeJobs(database: Database, jobs: readonly NewJob[]): Promise<readonly StoredJob[]> {
  const plain = jobs.filter((job) => job.delivery === null);
  const delivered = jobs.filter((job) => job.delivery !== null);
  const outcomes = new Map([
    ...(await placeJobs(database, plain)),
    ...(delivered.length === 0
      ? []
      : await database.transaction((transaction) => placeDeliveries(transaction, delivered))),
  ]);
  return jobs.map((job) => outcomes.get(job)!);
}

async function placeDeliveries(transaction: Queryable, jobs: readonly NewJob[]): Promise<Outcomes> {
  const repeated = await claimDeliveries(transaction, jobs);
  const outcomes = await placeJobs(
    transaction,
    jobs.filter((job) => !repeated.has(job)),
  );
  await settleDeliveries(transaction, outcomes);
  return new Map([...outcomes, ...(await resolveRepeated(transaction, repeated))]);
}

/** Finds each job its place: a row of its own, or its twin's. */
async function placeJobs(queryable: Queryable, jobs: readonly NewJob[]): Promise<Outcomes> {
  const outcomes = new Map<NewJob, StoredJob>();
  let open = jobs;
  for (let round = 0; open.length > 0 && round < maxRounds; round++) {
    // Twins within one batch: the first stands for all.
    const leaders = new Map(open.map((job) => [twinKey(job), job] as const).toReversed());
    const inserted = await insertJobs(queryable, [...leaders.values()]);
    const rows = new Map(inserted.map((row) => [row.id, row]));
    const twins = await findTwins(
      queryable,
      [...leaders.values()].filter((job) => !rows.has(job.id)),
    );
    for (const job of open) {
      const row = rows.get(leaders.get(twinKey(job))!.id) ?? twins.get(twinKey(job));
      if (row) outcomes.set(job, { kind: "stored", row, isNew: row.id === job.id });
    }
    open = open.filter((job) => !outcomes.has(job));
  }
  if (open.length > 0) throw new Error(`Job ${open[0]!.id} found neither a place nor a twin.`);
  return outcomes;
}

function twinKey(job: NewJob): string {
  return job.dedupeKey === null ? job.id : JSON.stringify([job.kind, job.caller, job.dedupeKey]);
}

/** Writes the deliveries that are new and resolves to the jobs whose delivery is not: of an earlier request, or earlier in this batch. */
async function claimDeliveries(
  transaction: Queryable,
  jobs: readonly NewJob[],
): Promise<ReadonlySet<NewJob>> {
  if (jobs.length === 0) return new Set();
  const rows = await transaction.query<{ job_id: string }>(
    `insert into deliveries (origin, delivery_key, body_hash, job_id)
     select origin, key, "bodyHash", id from jsonb_to_recordset($1::jsonb) as d (origin text, key text, "bodyHash" text, id text)
     order by origin, key, id
     on conflict do nothing returning job_id`,
    [JSON.stringify(jobs.map((job) => ({ ...job.delivery, id: job.id })))],
  );
  const fresh = new Set(rows.map((row) => row.job_id));
  return new Set(jobs.filter((job) => !fresh.has(job.id)));
}

/** Stores those that have no waiting twin. */
export async function insertJobs(queryable: Queryable, jobs: readonly NewJob[]): Promise<readonly JobRow[]> {
  return queryable.query<JobRow>(
    `with item as (
       select * from jsonb_to_recordset($1::jsonb) as i (id text, kind text, caller text, source text, "repositoryId" text,
         name text, input jsonb, "dedupeKey" text, priority smallint, "maxAttempts" integer, "requestId" text, "traceParent" text,
         "delayMs" integer)
     ), known as (
       -- Updating nothing locks the row, so that it cannot be deleted before the job that names it is stored.
       insert into repositories (id, source, name)
       select distinct on (source) "repositoryId", source, name from item where source is not null order by source
       on conflict (source) do update set name = excluded.name returning id, source
     ), lane as materialized (
       -- Once for each caller, not for each job: on a table that grew since it was analysed, looking may be slow.
       select kind, caller, greatest(
         (select min(turn) from jobs where kind = each.kind and status = 'pending'),
         (select max(turn) + 1 from jobs where kind = each.kind and caller = each.caller and status = 'pending'),
         0) as turn
       from (select distinct kind, caller from item) as each
     ), stored as (
       insert into jobs (id, kind, caller, repository_id, source, input, dedupe_key, priority, max_attempts, request_id,
         trace_parent, run_at, turn, event_seq)
       select item.id, kind, caller, known.id, item.source, input, "dedupeKey", priority, "maxAttempts", "requestId", "traceParent",
         now() + "delayMs" * interval '1 millisecond', lane.turn + row_number() over (partition by kind, caller order by item.id) - 1, 1
       from item join lane using (kind, caller) left join known on known.source = item.source
       order by kind, caller, "dedupeKey", item.id
       on conflict (kind, caller, dedupe_key) where status = 'pending' and attempt = 0 do nothing
       returning ${jobColumns}
     ), told as (
       insert into events (job_id, seq, type, data)
       select id, 1, 'state', json_build_object('status', 'pending', 'attempt', 0) from stored
     )
     select * from stored`,
    [
      JSON.stringify(
        jobs.map((job) => ({
          ...job,
          source: job.repository?.source ?? null,
          repositoryId: job.repository?.id ?? null,
          name: job.repository?.name ?? null,
          input: { rev: job.rev, options: job.options },
        })),
      ),
    ],
  );
}

async function findTwins(
  queryable: Queryable,
  jobs: readonly NewJob[],
): Promise<ReadonlyMap<string, JobRow>> {
  if (jobs.length === 0) return new Map();
  const rows = await queryable.query<JobRow & { readonly dedupe_key: string }>(
    `select ${jobColumns}, jobs.dedupe_key
     from jsonb_to_recordset($1::jsonb) as i (kind text, caller text, "dedupeKey" text)
     join jobs on jobs.kind = i.kind and jobs.caller = i.caller and jobs.dedupe_key = i."dedupeKey"
       and jobs.status = 'pending' and jobs.attempt = 0`,
    [JSON.stringify(jobs)],
  );
  return new Map(rows.map((row) => [JSON.stringify([row.kind, row.caller, row.dedupe_key]), row]));
}

/** A delivery whose job turned out to be another one's twin belongs to that one. */
async function settleDeliveries(
  transaction: Queryable,
  outcomes: ReadonlyMap<NewJob, StoredJob>,
): Promise<void> {
  const moved = [...outcomes].flatMap(([job, outcome]) =>
    job.delivery && outcome.kind === "stored" && outcome.row.id !== job.id
      ? [{ ...job.delivery, id: outcome.row.id }]
      : [],
  );
  if (moved.length === 0) return;
  await transaction.query(
    `update deliveries set job_id = d.id
     from jsonb_to_recordset($1::jsonb) as d (origin text, key text, id text)
     where deliveries.origin = d.origin and deliveries.delivery_key = d.key`,
    [JSON.stringify(moved)],
  );
}

async function resolveRepeated(
  transaction: Queryable,
  repeated: ReadonlySet<NewJob>,
): Promise<readonly (readonly [NewJob, StoredJob])[]> {
  if (repeated.size === 0) return [];
  const rows = await transaction.query<
    JobRow & { readonly origin: string; readonly delivery_key: string; readonly body_hash: string }
  >(
    `select ${jobColumns}, deliveries.origin, deliveries.delivery_key, deliveries.body_hash
     from jsonb_to_recordset($1::jsonb) as d (origin text, key text)
     join deliveries on deliveries.origin = d.origin and deliveries.delivery_key = d.key
     left join jobs on jobs.id = deliveries.job_id`,
    [JSON.stringify([...repeated].map((job) => job.delivery))],
  );
  return [...repeated].map((job) => {
    const row = rows.find(
      (candidate) =>
        candidate.origin === job.delivery!.origin && candidate.delivery_key === job.delivery!.key,
    );
    // The job it made was deleted: to do it again would be to do it twice.
    if (!row || row.body_hash !== job.delivery!.bodyHash || row.id === null)
      return [job, { kind: "mismatch" }] as const;
    return [job, { kind: "stored", row, isNew: false }] as const;
  });
}
