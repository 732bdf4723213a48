import type { Queryable } from "../../contracts/database.ts";
import type { PullNews, PullOutcome, PullState } from "../../contracts/pulls.ts";
import { cancelJobs } from "../jobs/change-jobs.ts";
import { insertJobs, type NewJob } from "../jobs/store-jobs.ts";
import { judgeNews, type KnownPull } from "./judge-news.ts";

/** News with the job that it makes, should it make one. */
export interface NewsItem {
  readonly news: PullNews;
  readonly host: string;
  readonly repository: string;
  readonly number: number;
  readonly deliveryKey: string | null;
  /** Null for the end of a pull request. */
  readonly job: NewJob | null;
}

export interface Received {
  readonly outcomes: readonly PullOutcome[];
  /** Jobs that were stored, and those that were cancelled for them. */
  readonly started: readonly NewJob[];
  readonly cancelled: readonly string[];
}

interface Row {
  readonly host: string;
  readonly repository: string;
  readonly number: number;
  readonly state: PullState["state"] | null;
  readonly head: string | null;
  readonly base_branch: string | null;
  readonly changed_at: Date | null;
  readonly past: readonly string[];
  readonly job_id: string | null;
}

/** A pull request while a batch of news is gone through. */
interface Open {
  readonly row: Row;
  known: KnownPull;
  /** Stored at the end, unless something later in the batch replaces it. */
  job: NewJob | null;
}

/**
 * Takes in many news at once, in their order: deliveries, what is known of the pull requests, and jobs change together or
 * not at all. Rows that others may be writing too are locked in one order everywhere.
 */
export async function receiveNews(transaction: Queryable, items: readonly NewsItem[]): Promise<Received> {
  const repeated = await claimDeliveries(transaction, items);
  const open = await lockPulls(transaction, items);
  const cancels = new Set<string>();
  const plans = items.map((item) => {
    const pull = open.get(keyOf(item))!;
    const before = repeated.get(item);
    if (before !== undefined) return { item, pull: null, outcome: before };
    const verdict = judgeNews(pull.known, item.news);
    const { jobId } = pull.known;
    pull.known = verdict.known;
    if (verdict.kind === "start" || verdict.kind === "end") {
      if (jobId !== null && pull.job === null) cancels.add(jobId);
      pull.job = verdict.kind === "start" ? item.job : null;
      // Without its job a head counts as never reviewed; one that had ended comes back below.
      pull.known = { ...pull.known, jobId: pull.job?.id ?? null };
    }
    return { item, pull, outcome: verdict.kind };
  });

  const cancelled =
    cancels.size === 0 ? [] : (await cancelJobs(transaction, [...cancels])).map((row) => row.id);
  for (const pull of open.values()) {
    const { job_id: earlier } = pull.row;
    if (pull.known.jobId === null && earlier !== null && !cancelled.includes(earlier))
      pull.known = { ...pull.known, jobId: earlier };
  }
  const started = [...open.values()].flatMap((pull) => pull.job ?? []);
  if (started.length > 0) await insertJobs(transaction, started);
  const outcomes = plans.map(({ item, pull, outcome }): PullOutcome => {
    if (pull === null) return { jobId: outcome, isNew: false, reason: "this delivery came before" };
    const jobId = outcome === "end" ? null : pull.known.jobId;
    if (outcome === "start" && jobId === item.job?.id) return { jobId, isNew: true, reason: null };
    return { jobId, isNew: false, reason: reasons[outcome] };
  });
  await writePulls(
    transaction,
    open,
    plans.flatMap(({ item, pull }, index) =>
      pull !== null && item.deliveryKey !== null && outcomes[index]!.jobId !== null
        ? [{ origin: item.host, key: item.deliveryKey, job: outcomes[index]!.jobId }]
        : [],
    ),
  );
  return { outcomes, started, cancelled };
}

const reasons = {
  start: "something newer came at the same time",
  same: "this head was reviewed, or is about to be",
  late: "something newer is known already",
  end: "there is nothing to review any more",
} as const;

/** Writes the deliveries that are new. Resolves to those items whose delivery is not, with the job it led to. */
async function claimDeliveries(
  transaction: Queryable,
  items: readonly NewsItem[],
): Promise<ReadonlyMap<NewsItem, string | null>> {
  const delivered = items.filter((item) => item.deliveryKey !== null);
  if (delivered.length === 0) return new Map();
  // Which of several in one batch was first is told by its place.
  const rows = await transaction.query<{ place: number; job_id: string | null }>(
    `with item as (
       select * from jsonb_to_recordset($1::jsonb) as d (place integer, origin text, key text)
     ), claimed as (
       insert into deliveries (origin, delivery_key, body_hash)
       select distinct on (origin, key) origin, key, '' from item order by origin, key
       on conflict do nothing returning origin, delivery_key
     )
     select item.place, deliveries.job_id from item
     left join claimed on claimed.origin = item.origin and claimed.delivery_key = item.key
     left join deliveries on deliveries.origin = item.origin and deliveries.delivery_key = item.key
     where claimed.origin is null
       or exists (select 1 from item earlier where earlier.origin = item.origin and earlier.key = item.key and earlier.place < item.place)`,
    [JSON.stringify(delivered.map((item, place) => ({ place, origin: item.host, key: item.deliveryKey })))],
  );
  return new Map(rows.map((row) => [delivered[row.place]!, row.job_id]));
}

async function lockPulls(
  transaction: Queryable,
  items: readonly NewsItem[],
): Promise<ReadonlyMap<string, Open>> {
  const rows = await transaction.query<Row>(
    `insert into pulls (host, repository, number)
     select distinct host, repository, number
     from jsonb_to_recordset($1::jsonb) as i (host text, repository text, number integer)
     order by host, repository, number
     on conflict (host, repository, number) do update set seen_at = now()
     returning host, repository, number, state, head, base_branch, changed_at, past, job_id`,
    [JSON.stringify(items.map(({ host, repository, number }) => ({ host, repository, number })))],
  );
  return new Map(rows.map((row) => [keyOf(row), { row, known: toKnown(row), job: null }]));
}

async function writePulls(
  transaction: Queryable,
  open: ReadonlyMap<string, Open>,
  deliveries: readonly { readonly origin: string; readonly key: string; readonly job: string | null }[],
): Promise<void> {
  await transaction.query(
    `with settled as (
       update deliveries set job_id = d.job from jsonb_to_recordset($2::jsonb) as d (origin text, key text, job text)
       -- A job that is gone by now has no delivery either.
       where deliveries.origin = d.origin and deliveries.delivery_key = d.key and exists (select 1 from jobs where id = d.job)
     )
     update pulls set state = p.state, head = p.head, base_branch = p."baseBranch", past = p.past, job_id = p."jobId",
       changed_at = to_timestamp(p."changedAt" / 1000.0)
     from jsonb_to_recordset($1::jsonb) as p (host text, repository text, number integer, state text, head text,
       "baseBranch" text, past jsonb, "jobId" text, "changedAt" float8)
     where pulls.host = p.host and pulls.repository = p.repository and pulls.number = p.number`,
    [
      JSON.stringify(
        [...open.values()].map(({ row: { host, repository, number }, known }) => ({
          host,
          repository,
          number,
          ...known,
        })),
      ),
      JSON.stringify(deliveries),
    ],
  );
}

export function toKnown(row: Omit<Row, "host" | "repository" | "number">): KnownPull {
  return {
    state: row.state,
    head: row.head,
    baseBranch: row.base_branch,
    changedAt: row.changed_at?.getTime() ?? null,
    past: row.past,
    jobId: row.job_id,
  };
}

function keyOf({
  host,
  repository,
  number,
}: {
  readonly host: string;
  readonly repository: string;
  readonly number: number;
}): string {
  return JSON.stringify([host, repository, number]);
}
