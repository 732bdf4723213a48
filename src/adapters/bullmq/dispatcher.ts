import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import type * as BullMq from "bullmq";
import type { Queue, Worker, WorkerOptions } from "bullmq";
import { Redis } from "ioredis";
import { AppError } from "../../base/errors.ts";
import type { PoolShape } from "../../contracts/database.ts";
import type { Log } from "../../contracts/log.ts";
import type { Consumer, Dispatcher } from "../../contracts/queue.ts";

// Its PostgreSQL backend reads SQL files beside itself, which only its CommonJS build finds.
const bullmq = createRequire(import.meta.url)("bullmq") as typeof BullMq;

export type QueueConnection =
  | { readonly engine: "postgres"; readonly pool: PoolShape }
  | { readonly engine: "redis"; readonly url: string };

const prefix = "repowright";
const healthTimeoutMs = 1_000;
const firstConnectionMs = 1_000;
/** A server that hangs must not stop the sweeper for good. */
const commandTimeoutMs = 10_000;
/** BullMQ's own 15 s is longer than anybody wants to wait after a server is back. */
const retryMs = 1_000;
/** After a failed statement. */
const failureMs = 250;
/**
 * A ticket whose taker died is handed out again, which costs one look at the jobs table; so neither number matters
 * for jobs, whose own leases are in the jobs table.
 */
const lockMs = 60_000;
const maxStalledCount = 1_000_000;
/**
 * On PostgreSQL BullMQ puts many at once by way of two temporary tables: 4 ms and dead rows in the catalogue, however few
 * they are. One put alone takes 0.3 ms.
 */
const mostAlone = 8;

interface Engine {
  readonly name: string;
  /** Up to so many tickets are put one by one. */
  readonly mostAlone: number;
  /** Whether there is a connection now. */
  readonly isConnected: () => boolean;
  createQueue(name: string): Queue;
  createWorker(name: string, take: () => Promise<void>, options: Omit<WorkerOptions, "connection">): Worker;
  ping(): Promise<unknown>;
  close(): Promise<void>;
}

/** Tickets carried by BullMQ: on Redis where there is one, else on the database itself. */
export async function createDispatcher(connection: QueueConnection, log: Log): Promise<Dispatcher> {
  const engine =
    connection.engine === "redis"
      ? await createRedisEngine(connection.url, log)
      : await createPostgresEngine(connection.pool);
  const queues = new Map<string, Queue>();
  const onError = (error: unknown): void => log.warn("queue error", { engine: engine.name, error });

  function queueOf(kind: string): Queue {
    const known = queues.get(kind);
    if (known) return known;
    const queue = engine.createQueue(`${prefix}-${kind}`);
    queue.on("error", onError);
    queues.set(kind, queue);
    return queue;
  }

  /**
   * BullMQ asks the server something when a queue is made, and a queue that got no answer then stays useless for ever. So
   * none is made without a connection, and one that failed is made anew.
   */
  async function withQueue<T>(kind: string, work: (queue: Queue) => Promise<T>): Promise<T> {
    if (!engine.isConnected())
      throw new AppError("queue-unavailable", `There is no connection to ${engine.name}.`);
    const queue = queueOf(kind);
    try {
      return await guard(work(queue));
    } catch (error) {
      if (queues.get(kind) === queue) queues.delete(kind);
      queue.close().catch(() => {});
      throw error;
    }
  }

  return {
    engine: `bullmq on ${engine.name}`,
    async add(kind, count) {
      const opts = { removeOnComplete: true, removeOnFail: true };
      const tickets = Array.from({ length: count }, () => ({ name: kind, data: null, opts }));
      await withQueue<unknown>(kind, (queue) =>
        count > engine.mostAlone
          ? queue.addBulk(tickets)
          : Promise.all(tickets.map(({ name, data }) => queue.add(name, data, opts))),
      );
    },
    async waiting(kind) {
      const counts = await withQueue(kind, (queue) => queue.getJobCounts("waiting", "prioritized"));
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    },
    async consume(kind, concurrency, take): Promise<Consumer> {
      const worker = engine.createWorker(`${prefix}-${kind}`, take, {
        concurrency,
        lockDuration: lockMs,
        maxStalledCount,
        runRetryDelay: retryMs,
        // A worker that dies right after it was told of a ticket leaves the others unaware of it for this long.
        drainDelay: 1,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
      });
      worker.on("error", onError);
      return {
        pause: () => worker.pause(true),
        close: () => worker.close(true),
      };
    },
    async isHealthy() {
      const timeout = new Promise<false>((resolve) =>
        setTimeout(() => resolve(false), healthTimeoutMs).unref(),
      );
      return Promise.race([
        engine.ping().then(
          () => true,
          () => false,
        ),
        timeout,
      ]);
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close().catch(onError)));
      await engine.close();
    },
  };
}

async function createPostgresEngine(pool: PoolShape): Promise<Engine> {
  const client = (await pool.connect()) as { release(): void } & Parameters<typeof bullmq.runMigrations>[0];
  try {
    await bullmq.runMigrations(client, "bullmq");
  } finally {
    client.release();
  }
  const classes = bullmq.withBackend(bullmq.createPostgresBackend);
  const connection = failingSlowly(pool) as never;
  return {
    name: "postgres",
    mostAlone,
    isConnected: () => true,
    createQueue: (name) => new classes.Queue(name, { connection }) as unknown as Queue,
    createWorker: (name, take, options) =>
      new classes.Worker(name, () => take(), { ...options, connection }) as unknown as Worker,
    ping: () => pool.query("select 1"),
    async close() {},
  };
}

interface Asking {
  query(...parameters: readonly unknown[]): Promise<unknown>;
}

/**
 * BullMQ's workers ask again at once after a failure. While the embedded engine is being started again a failure takes no
 * time at all, and nothing else in this process would ever get its turn.
 */
function failingSlowly(pool: PoolShape): PoolShape {
  const slowed = new WeakSet<object>();
  const slowly = <T>(work: Promise<T>): Promise<T> =>
    work.catch(async (error: unknown) => {
      await sleep(failureMs);
      throw error;
    });
  return {
    ...("options" in pool ? { options: pool.options } : {}),
    query: (text, parameters) => slowly(pool.query(text, parameters)),
    async connect() {
      const client = (await slowly(pool.connect())) as Asking;
      if (!slowed.has(client)) {
        slowed.add(client);
        const query = client.query.bind(client);
        client.query = (...parameters) => slowly(query(...parameters));
      }
      return client;
    },
    end: () => pool.end(),
    on: (event, listener) => pool.on(event, listener),
  };
}

async function createRedisEngine(url: string, log: Log): Promise<Engine> {
  const onError = (error: unknown): void => log.warn("redis error", { error });
  // Puts fail at once while Redis is away: the job is stored, and the sweeper puts the ticket later.
  const shared = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
  const blocking = new Redis(url, { maxRetriesPerRequest: null });
  shared.on("error", onError);
  blocking.on("error", onError);
  // Without this the first jobs would wait for the sweeper; a Redis that is away is waited for by nobody.
  await Promise.race([
    new Promise((resolve) => shared.once("ready", resolve)),
    sleep(firstConnectionMs, undefined, { ref: false }),
  ]);
  return {
    name: "redis",
    mostAlone: 1,
    isConnected: () => shared.status === "ready",
    createQueue: (name) => new bullmq.Queue(name, { connection: shared, prefix, skipWaitingForReady: true }),
    createWorker: (name, take, options) =>
      new bullmq.Worker(name, () => take(), { ...options, connection: blocking, prefix }),
    ping: () => shared.ping(),
    async close() {
      shared.disconnect();
      blocking.disconnect();
    },
  };
}

async function guard<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${commandTimeoutMs / 1000} s`)),
      commandTimeoutMs,
    );
  });
  try {
    return await Promise.race([work, timeout]);
  } catch (error) {
    throw new AppError(
      "queue-unavailable",
      `The queue did not answer: ${error instanceof Error ? error.message : String(error)}.`,
      {},
      error,
    );
  } finally {
    clearTimeout(timer);
  }
}
