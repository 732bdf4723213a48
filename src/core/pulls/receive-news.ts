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
  const open = await lockPulls(transaction, items);
  const repeated = await findRepeated(transaction, items);
  const cancels = new Set<string>();
  const places = new Map<string, number>();
  const plans = items.map((item, place) => {
    const pull = open.get(keyOf(item))!;
    const before = repeated.get(item);
    if (before !== undefined) return { item, pull: null, outcome: before };
    if (item.deliveryKey !== null) {
      const delivery = JSON.stringify([item.host, item.deliveryKey]);
      const twin = places.get(delivery);
      if (twin !== undefined) return { item, pull: null, outcome: twin };
      places.set(delivery, place);
    }
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
  const outcomes: PullOutcome[] = [];
  for (const { item, pull, outcome } of plans) outcomes.push(toOutcome(item, pull, outcome));
  await writePulls(
    transaction,
    open,
    plans.flatMap(({ item, pull }, index) =>
      pull !== null && item.deliveryKey !== null
        ? [{ origin: item.host, key: item.deliveryKey, job: outcomes[index]!.jobId }]
        : [],
    ),
  );
  return { outcomes, started, cancelled };

  /** `outcome` of what came before: its job, or its place in this batch. */
  function toOutcome(item: NewsItem, pull: Open | null, outcome: string | number | null): PullOutcome {
    if (pull === null) {
      const jobId = typeof outcome === "number" ? outcomes[outcome]!.jobId : outcome;
      return { jobId, isNew: false, reason: "this delivery came before" };
    }
    const jobId = outcome === "end" ? null : pull.known.jobId;
    if (outcome === "start" && jobId === item.job?.id) return { jobId, isNew: true, reason: null };
    return { jobId, isNew: false, reason: reasons[outcome as keyof typeof reasons] };
  }
}

const reasons = {
  start: "something newer came at the same time",
  same: "this head was reviewed, or is about to be",
  late: "something newer is known already",
  end: "there is nothing to review any more",
} as const;

/**
 * Those of the items whose delivery came before, with the job it led to. Asked under the locks of the pull requests, so
 * that of two processes with one delivery the second sees what the first did.
 */
async function findRepeated(
  transaction: Queryable,
  items: readonly NewsItem[],
): Promise<ReadonlyMap<NewsItem, string | null>> {
  const repeated = new Map<NewsItem, string | null>();
  const asked = items.filter((item) => item.deliveryKey !== null);
  if (asked.length === 0) return repeated;
  // Row by row: joined, a table that grew since it was analysed would be read whole.
  const rows = await transaction.query<{ place: number; found: { readonly job: string | null } }>(
    `select place, found from (
       select place, (select json_build_object('job', job_id) from deliveries where origin = d.origin and delivery_key = d.key) as found
       from jsonb_to_recordset($1::jsonb) as d (place integer, origin text, key text)
     ) looked where found is not null`,
    [JSON.stringify(asked.map((item, place) => ({ place, origin: item.host, key: item.deliveryKey })))],
  );
  for (const { place, found } of rows) repeated.set(asked[place]!, found.job);
  return repeated;
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
    `with told as (
       insert into deliveries (origin, delivery_key, body_hash, job_id)
       -- A job may have been deleted meanwhile.
       select origin, key, '', (select id from jobs where id = d.job)
       from jsonb_to_recordset($2::jsonb) as d (origin text, key text, job text) order by origin, key
       on conflict do nothing
     )
     insert into pulls (host, repository, number, state, head, base_branch, past, job_id, changed_at)
     select host, repository, number, state, head, "baseBranch", past, "jobId", to_timestamp("changedAt" / 1000.0)
     from jsonb_to_recordset($1::jsonb) as p (host text, repository text, number integer, state text, head text,
       "baseBranch" text, past jsonb, "jobId" text, "changedAt" float8)
     on conflict (host, repository, number) do update set state = excluded.state, head = excluded.head,
       base_branch = excluded.base_branch, past = excluded.past, job_id = excluded.job_id, changed_at = excluded.changed_at`,
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
