import { createBatch } from "../../base/batch.ts";
import { AppError } from "../../base/errors.ts";
import type { Database } from "../../contracts/database.ts";
import type { JobDefinitions, Jobs } from "../../contracts/job.ts";
import type { Metrics } from "../../contracts/metrics.ts";
import type { Broadcast } from "../../contracts/queue.ts";
import { cancelJob, decideJob, deleteJob, retryJob, unknownJob } from "./change-jobs.ts";
import { createFollowers } from "./followers.ts";
import { toJob, type JobRow } from "./job-row.ts";
import { toNewJob } from "./new-job.ts";
import { createPlaces } from "./places.ts";
import { listJobs, readCounts, readEvents, readHistories, readResult, readRows } from "./read-jobs.ts";
import { storeJobs, type NewJob } from "./store-jobs.ts";
import type { Tickets } from "./tickets.ts";

export interface JobsDependencies {
  readonly database: Database;
  readonly broadcast: Broadcast;
  readonly kinds: JobDefinitions;
  readonly protocols: readonly string[];
  readonly tickets: Tickets;
  /** @throws AppError `overloaded` while too many wait */
  readonly assertRoom: () => Promise<void>;
  readonly metrics: Metrics;
}

/** While one flush waits for the disk, another can be made. */
const batches = { maxItems: 500, concurrency: 2 };

/** Everything that can be done with jobs, on the database. `close` ends what it listens to, not what it was given. */
export function createJobs(dependencies: JobsDependencies): Jobs & { close(): void } {
  const { database, broadcast, kinds, tickets, assertRoom } = dependencies;
  const followers = createFollowers(database, broadcast);
  const store = createBatch(batches, (jobs: readonly NewJob[]) => storeJobs(database, jobs));
  // What many ask for in the same moment is read together.
  const readRow = createBatch(batches, (ids: readonly string[]) => readRows(database, ids));
  const getHistory = createBatch(batches, (ids: readonly string[]) => readHistories(database, ids));
  const places = createPlaces(database);

  const getRow = async (id: string): Promise<JobRow> => {
    const row = await readRow(id);
    if (!row) throw unknownJob(id);
    return row;
  };
  const changed = (id: string): void => broadcast.publish("events", id);
  const stopped = (id: string): void => {
    broadcast.publish("cancel", id);
    changed(id);
  };

  return {
    async start(request, context) {
      const job = toNewJob(request, context, kinds, dependencies.protocols);
      await assertRoom();
      const outcome = await store(job);
      if (outcome.kind === "mismatch")
        throw new AppError(
          "idempotency-mismatch",
          `The Idempotency-Key ${JSON.stringify(context.delivery?.key)} was used for another request, or for a job that was deleted.`,
        );
      if (outcome.isNew) {
        dependencies.metrics.count("jobs_accepted_total", { kind: job.kind });
        tickets(job.kind);
      }
      return { job: toJob(outcome.row), isNew: outcome.isNew };
    },
    list: (filter, page) => listJobs(database, filter, page),
    get: async (id) => toJob(await getRow(id)),
    place: (job) => places.of(job),
    async attempts(id) {
      const history = await getHistory(id);
      if (history.attempts.length === 0) await getRow(id);
      return history;
    },
    result: (id) => readResult(database, id),
    events: (id, after, limit) => readEvents(database, id, after, limit),
    follow: (id, after, signal) => followers.follow(id, after, signal),
    async retry(id) {
      const row = await retryJob(database, id);
      changed(id);
      tickets(row.kind);
      return toJob(row);
    },
    async cancel(id) {
      const row = await cancelJob(database, id);
      stopped(id);
      return toJob(row);
    },
    async delete(id) {
      await deleteJob(database, id);
      stopped(id);
    },
    async decide(id, decision) {
      const row = await decideJob(database, id, decision);
      changed(id);
      tickets(row.kind);
      return toJob(row);
    },
    counts: () => readCounts(database),
    close: () => followers.close(),
  };
}
