import { AppError } from "../../base/errors.ts";
import type { Database } from "../../contracts/database.ts";
import { countWaiting } from "./read-jobs.ts";

/** The number of waiting jobs is counted this often while jobs come in. */
const recountMs = 1_000;

/** Refuses new jobs while too many wait. */
export function createGate({
  database,
  maxPending,
}: {
  readonly database: Database;
  readonly maxPending: number;
}): () => Promise<void> {
  let countedAt = -Infinity;
  let counting: Promise<number> = Promise.resolve(0);
  return async () => {
    if (performance.now() - countedAt > recountMs) {
      countedAt = performance.now();
      counting = countWaiting(database);
    }
    const waiting = await counting;
    if (waiting >= maxPending)
      throw new AppError(
        "overloaded",
        `${waiting} jobs wait already; at ${maxPending} (server.max_pending) no new ones are taken.`,
        { retryAfterSeconds: 5 },
      );
  };
}
