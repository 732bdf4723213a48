import { createDispatcher } from "../adapters/bullmq/dispatcher.ts";
import { createRedisBroadcast } from "../adapters/redis/broadcast.ts";
import { createRedisCache } from "../adapters/redis/shared-cache.ts";
import { AppError } from "../base/errors.ts";
import type { Config } from "../config/schema.ts";
import type { Cache } from "../contracts/cache.ts";
import type { Database } from "../contracts/database.ts";
import type { JobDefinitions } from "../contracts/job.ts";
import type { Log } from "../contracts/log.ts";
import type { Metrics } from "../contracts/metrics.ts";
import type { Platform } from "../contracts/platform.ts";
import type { Broadcast } from "../contracts/queue.ts";
import { createDatabaseBroadcast } from "../core/jobs/database-broadcast.ts";
import { createDatabaseCache } from "../core/jobs/database-cache.ts";
import { createEmbeddings } from "../core/index/embed/stored-embeddings.ts";
import { createSharedRecords } from "../core/index/shared-records.ts";
import { createGate } from "../core/jobs/gate.ts";
import { createJobs } from "../core/jobs/jobs.ts";
import { createLocalBroadcast } from "../core/jobs/local-broadcast.ts";
import { createTickets } from "../core/jobs/tickets.ts";
import { createCallLedger } from "../core/llm/call-ledger.ts";
import { createPulls } from "../core/pulls/pulls.ts";
import { createReviews } from "../core/review/stored-reviews.ts";
import { createRepositoryRecords } from "../core/repositories/repository-records.ts";

const healthTimeoutMs = 1_000;

export interface PlatformInput {
  readonly config: Config;
  /** Open and migrated; the caller closes it after the platform. */
  readonly database: Database;
  readonly kinds: JobDefinitions;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly cache: Cache;
}

/** Jobs and all they stand on. The three modes differ here and nowhere else. */
export async function createPlatform(input: PlatformInput): Promise<Platform> {
  const { config, database, log } = input;
  const redisUrl = config["redis.url"];
  assertRedisAddress(redisUrl);
  const dispatcher = await createDispatcher(
    redisUrl === "" ? { engine: "postgres", pool: database.pool } : { engine: "redis", url: redisUrl },
    log,
  );
  const broadcast = await createBroadcast(database, redisUrl, log);
  const redisCache = redisUrl === "" ? null : createRedisCache(redisUrl, log);
  const starting = {
    database,
    broadcast,
    kinds: input.kinds,
    protocols: config["git.protocols"],
    tickets: createTickets({ dispatcher, log }),
    assertRoom: createGate({ database, maxPending: config["server.max_pending"] }),
    metrics: input.metrics,
  };
  const jobs = createJobs(starting);
  return {
    database,
    jobs,
    repositories: createRepositoryRecords(database, jobs, config["git.protocols"]),
    stores: {
      calls: createCallLedger(database, input.metrics),
      records: createSharedRecords(database, input.cache),
      embeddings: createEmbeddings(database),
      pulls: createPulls({ ...starting, debounceMs: config["webhooks.debounce"] }),
      reviews: createReviews(database),
    },
    broadcast,
    dispatcher,
    cache: redisCache ?? createDatabaseCache(database),
    async health() {
      const [workers, queue] = await Promise.all([
        within(countWorkers(database), healthTimeoutMs),
        dispatcher.isHealthy(),
      ]);
      return {
        db: workers !== null,
        redis: redisUrl === "" ? null : queue,
        queue: queue && workers !== null,
        workers: workers ?? 0,
      };
    },
    async close() {
      jobs.close();
      await broadcast.close();
      await dispatcher.close();
      redisCache?.close();
    },
  };
}

/** The driver takes anything for a host, and then tries it for ever. Not repeated: it may hold a password. */
function assertRedisAddress(url: string): void {
  if (url === "" || (/^rediss?:\/\//.test(url) && URL.canParse(url))) return;
  throw new AppError(
    "config-invalid",
    "The address of Redis (redis.url) must be of the form redis://user:password@host:port, or rediss:// with TLS.",
  );
}

async function createBroadcast(database: Database, redisUrl: string, log: Log): Promise<Broadcast> {
  if (redisUrl !== "") return createRedisBroadcast(redisUrl, log);
  return database.engine === "embedded" ? createLocalBroadcast() : createDatabaseBroadcast(database, log);
}

async function countWorkers(database: Database): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    "select count(*)::int as count from workers where seen_at > now() - interval '15 seconds'",
  );
  return row?.count ?? 0;
}

/** Null when it failed or took too long. */
async function within<T>(work: Promise<T>, timeoutMs: number): Promise<T | null> {
  const timeout = new Promise<null>((resolve) => setTimeout(() => resolve(null), timeoutMs).unref());
  return Promise.race([work.catch(() => null), timeout]);
}
