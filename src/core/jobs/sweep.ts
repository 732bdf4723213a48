import { isAppError } from "../../base/errors.ts";
import type { Database } from "../../contracts/database.ts";
import type { Log } from "../../contracts/log.ts";
import type { Broadcast, Dispatcher } from "../../contracts/queue.ts";
import { reclaimLost } from "./attempts.ts";

/** Tickets put by one sweep for one kind; the next one is a second away. */
const maxTickets = 1_000;
const deleteBatch = 500;
/** A sender's own ids are remembered this long. */
const deliveryDays = 7;

export interface SweepDependencies {
  readonly database: Database;
  readonly dispatcher: Dispatcher;
  readonly broadcast: Broadcast;
  readonly log: Log;
}

/**
 * Puts right what a crash, a flushed queue or a lost hint left behind: gives jobs of silent workers back, and puts
 * tickets for every job that could start and has none. Any number of processes may do it.
 */
export async function sweep(
  { database, dispatcher, broadcast, log }: SweepDependencies,
  options: { readonly reclaims: "expired" | "all" | "none" },
): Promise<void> {
  if (options.reclaims !== "none") {
    const lost = await reclaimLost(database, options.reclaims === "all");
    for (const id of lost) broadcast.publish("events", id);
    if (lost.length > 0) log.warn("jobs of silent workers were taken back", { count: lost.length });
  }
  const ready = await database.query<{ kind: string; count: number }>(
    `select kind, count(*)::int as count from jobs where status = 'pending' and run_at <= now() group by kind`,
  );
  try {
    for (const { kind, count } of ready) {
      const missing = Math.min(count, maxTickets) - (await dispatcher.waiting(kind));
      if (missing > 0) await dispatcher.add(kind, missing);
    }
  } catch (error) {
    // The next sweep puts them. While the queue is away, jobs of silent workers are taken back all the same.
    if (!isAppError(error, "queue-unavailable")) throw error;
    log.warn("tickets were not put, will try again", { error });
  }
}

/** Records and vectors that no machine has wanted for so long are of commits that nobody looks at. */
const recordDays = 90;

/** What was closed so long ago, and comes back, is as good as new. */
const pullDays = 90;

/** Deletes what is older than it is kept. */
export async function retain(
  database: Database,
  ages: { readonly finishedMs: number; readonly failedMs: number; readonly callsMs: number },
): Promise<number> {
  let deleted = 0;
  for (;;) {
    const rows = await database.query(
      `delete from jobs where id in (
         select id from jobs where finished_at is not null
           and finished_at < now() - case when status = 'failed' then $2::float8 else $1::float8 end * interval '1 millisecond'
         limit ${deleteBatch}) returning id`,
      [ages.finishedMs, ages.failedMs],
    );
    deleted += rows.length;
    if (rows.length < deleteBatch) break;
  }
  await database.query(
    "delete from llm_calls where started_at < now() - $1::float8 * interval '1 millisecond'",
    [ages.callsMs],
  );
  await database.query(
    "delete from reviews where updated_at < now() - $1::float8 * interval '1 millisecond'",
    [ages.finishedMs],
  );
  await database.query("delete from index_records where used_on < current_date - $1::int", [recordDays]);
  await database.query("delete from code_embeddings where used_on < current_date - $1::int", [recordDays]);
  await database.query("delete from cache where expires_at < now()");
  await database.query(`delete from deliveries where received_at < now() - interval '${deliveryDays} days'`);
  await database.query(
    `delete from pulls where state <> 'open' and seen_at < now() - interval '${pullDays} days'`,
  );
  await database.query("delete from workers where seen_at < now() - interval '1 day'");
  return deleted;
}
