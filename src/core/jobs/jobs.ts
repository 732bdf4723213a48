import { createHash, randomBytes } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { createBatch } from "../../base/batch.ts";
import { AppError } from "../../base/errors.ts";
import type { Database } from "../../contracts/database.ts";
import type { JobDefinition, JobDefinitions, Jobs, StartContext, StartRequest } from "../../contracts/job.ts";
import type { Log } from "../../contracts/log.ts";
import type { Metrics } from "../../contracts/metrics.ts";
import type { Broadcast, Dispatcher } from "../../contracts/queue.ts";
import { describeSource } from "../repositories/describe-source.ts";
import { cancelJob, decideJob, deleteJob, retryJob, unknownJob } from "./change-jobs.ts";
import { createFollowers } from "./followers.ts";
import { toJob, type JobRow } from "./job-row.ts";
import { createPlaces } from "./places.ts";
import {
  countWaiting,
  listJobs,
  readCounts,
  readEvents,
  readHistories,
  readResult,
  readRows,
} from "./read-jobs.ts";
import { storeJobs, type NewJob } from "./store-jobs.ts";

export interface JobsDependencies {
  readonly database: Database;
  readonly dispatcher: Dispatcher;
  readonly broadcast: Broadcast;
  readonly kinds: JobDefinitions;
  readonly protocols: readonly string[];
  readonly maxPending: number;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** While one flush waits for the disk, another can be made. */
const batches = { maxItems: 500, concurrency: 2 };
const maxRevLength = 1_000;
const maxKeyLength = 255;
/** In JSON text that `JSON.stringify` made. A backslash before it would itself be written twice. */
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;
/** The number of waiting jobs is counted this often while jobs come in. */
const recountMs = 1_000;

/** Everything that can be done with jobs, on the database. `close` ends what it listens to, not what it was given. */
export function createJobs(dependencies: JobsDependencies): Jobs & { close(): void } {
  const { database, broadcast, kinds } = dependencies;
  const followers = createFollowers(database, broadcast);
  const tickets = createTickets(dependencies);
  const store = createBatch(batches, (jobs: readonly NewJob[]) => storeJobs(database, jobs));
  // What many ask for in the same moment is read together.
  const readRow = createBatch(batches, (ids: readonly string[]) => readRows(database, ids));
  const getHistory = createBatch(batches, (ids: readonly string[]) => readHistories(database, ids));
  const places = createPlaces(database);
  const assertRoom = createGate(dependencies);

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

/** Checks a request against its kind. @throws AppError as `Jobs.start` */
function toNewJob(
  request: StartRequest,
  context: StartContext,
  kinds: JobDefinitions,
  protocols: readonly string[],
): NewJob {
  const definition = kinds.get(request.kind);
  if (!definition)
    throw new AppError(
      "kind-unknown",
      `There is no kind of job ${JSON.stringify(request.kind).slice(0, 100)}; there are: ${[...kinds.keys()].join(", ")}.`,
    );
  const options = parseOptions(definition, request.options);
  const source = request.source ?? null;
  const rev = request.rev ?? null;
  if (definition.needsSource && source === null)
    throw new AppError("request-invalid", `A job of kind ${definition.kind} needs a source.`);
  if (rev !== null && (rev === "" || rev.length > maxRevLength))
    throw new AppError("request-invalid", `rev has ${rev.length} characters; it takes 1 to ${maxRevLength}.`);
  if (unstorable.test(JSON.stringify([rev, options])))
    throw new AppError("request-invalid", "NUL and half characters (lone surrogates) cannot be stored.");
  const key = context.delivery?.key;
  if (key !== undefined && (key === "" || key.length > maxKeyLength))
    throw new AppError("request-invalid", `An Idempotency-Key has 1 to ${maxKeyLength} characters.`);
  const described = source === null ? null : describeSource(source, { ...context, protocols });
  const plain = { source: described?.source ?? null, rev };
  return {
    id: uuidv7(),
    kind: definition.kind,
    caller: context.caller,
    repository: described && { id: uuidv7(), ...described },
    rev,
    options,
    dedupeKey: definition.dedupeKey(plain, options),
    priority: request.priority ?? definition.priority,
    maxAttempts: definition.attempts,
    requestId: context.requestId ?? null,
    // A job that no request asked for begins a trace of its own.
    traceParent: context.traceParent ?? createTraceParent(),
    delivery: context.delivery
      ? { ...context.delivery, bodyHash: hashRequest(definition.kind, plain, options, request.priority) }
      : null,
  };
}

function parseOptions(definition: JobDefinition, options: unknown): unknown {
  const parsed = definition.options.safeParse(options ?? {});
  if (parsed.success) return parsed.data;
  throw new AppError(
    "request-invalid",
    `The options do not fit ${definition.kind}: ${z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, " ")}`,
  );
}

function hashRequest(...parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** Puts tickets for what was stored, those of one moment together. What fails here is made up for by the sweeper. */
function createTickets({ dispatcher, log }: JobsDependencies): (kind: string) => void {
  let wanted = new Map<string, number>();
  let isPutting = false;

  async function putAll(): Promise<void> {
    isPutting = true;
    await new Promise((resolve) => setImmediate(resolve));
    while (wanted.size > 0) {
      const now = wanted;
      wanted = new Map();
      for (const [kind, count] of now)
        await dispatcher
          .add(kind, count)
          .catch((error: unknown) => log.warn("tickets were not put", { kind, count, error }));
    }
    isPutting = false;
  }

  return (kind) => {
    wanted.set(kind, (wanted.get(kind) ?? 0) + 1);
    if (!isPutting) void putAll();
  };
}

/** Refuses new jobs while too many wait. */
function createGate({ database, maxPending }: JobsDependencies): () => Promise<void> {
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

function createTraceParent(): string {
  return `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-00`;
}
