import { Pool, TypeOverrides, types, type ClientConfig, type PoolClient } from "pg";
import { AppError } from "../../base/errors.ts";
import type { Database, Queryable } from "../../contracts/database.ts";
import { readAddress } from "./address.ts";
import { toDatabaseError, toOpeningError } from "./failures.ts";
import { createListening } from "./listening.ts";
import { createQueuePool } from "./queue-pool.ts";

export interface PostgresOptions {
  readonly url: string;
  /** Most connections: one listens, the others are shared by our statements and, without Redis, BullMQ's. */
  readonly connections: number;
  /** Whether BullMQ works on this database; its workers then listen on one connection each beyond `connections`. */
  readonly carriesQueue: boolean;
  readonly connectTimeoutMs?: number;
  readonly statementTimeoutMs?: number;
  readonly onQuery?: (durationMs: number) => void;
}

const schemas = ["repowright", "bullmq"];
const oldestVersion = 150_000;
/** Any number; it only has to be the same for all of us. */
const openingLock = 7_201_001;

/**
 * A PostgreSQL server.
 * @throws AppError `config-invalid`, `database-unavailable`, `database-invalid`
 */
export async function openPostgresDatabase(options: PostgresOptions): Promise<Database> {
  const { url, name } = readAddress(options.url, "repowright,bullmq,public");
  const statementTimeoutMs = options.statementTimeoutMs ?? 60_000;
  const config: ClientConfig = {
    connectionString: url,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: "repowright",
  };
  const shared = options.connections - 1;
  const own = options.carriesQueue ? Math.ceil(shared / 2) : shared;
  const pool = new Pool({ ...config, types: createTypes(), max: Math.max(1, own) });
  // The driver's clients end the process when they break while nobody listens to them.
  pool.on("connect", (client) => client.on("error", () => {}));
  pool.on("error", () => {});
  const listening = createListening(config);
  const queuePool = createQueuePool(
    { ...config, connectionString: readAddress(options.url, "bullmq,public").url },
    Math.max(1, shared - own),
  );
  let closing: Promise<void> | null = null;

  async function told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toDatabaseError(error, name);
    }
  }

  async function timed<T>(work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      options.onQuery?.(performance.now() - start);
    }
  }

  async function transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    const client = await told(() => pool.connect());
    let isOver = false;
    let isBroken = false;
    const assertOpen = (): void => {
      if (isOver) throw new AppError("internal", "A statement came after the end of its transaction.");
    };
    try {
      await told(() => client.query("begin"));
      const result = await work({
        async query(sql, parameters) {
          assertOpen();
          return await told(() => timed(() => ask(client, sql, parameters)));
        },
        async script(sql) {
          assertOpen();
          await told(() => timed(() => runScript(client, sql)));
        },
      });
      isOver = true;
      const { command } = await told(() => client.query("commit"));
      if (command !== "COMMIT")
        throw new AppError("internal", "A statement of the transaction failed, so all of it was undone.");
      return result;
    } catch (error) {
      if (!isOver) {
        isOver = true;
        await client.query("rollback").catch(() => (isBroken = true));
      } else isBroken = true;
      throw error;
    } finally {
      client.release(isBroken);
    }
  }

  const database: Database = {
    engine: "postgres",
    query: (sql, parameters) => told(() => timed(() => ask(pool, sql, parameters))),
    script: (sql) => told(() => timed(() => runScript(pool, sql))),
    transaction,
    listen: (channel, onMessage, onGap) => told(() => listening.add(channel, onMessage, onGap)),
    pool: queuePool,
    async version() {
      const [row] = await database.query<{ version: string }>(
        "select current_setting('server_version') as version",
      );
      return `PostgreSQL ${row!.version.split(" ")[0]}`;
    },
    close: () => (closing ??= close()),
  };

  async function close(): Promise<void> {
    await Promise.all([pool.end(), queuePool.end(), listening.close()]);
  }

  try {
    await prepare(database, name);
  } catch (error) {
    await close();
    throw toOpeningError(error, name);
  }
  return database;
}

/** Checks that the server will do, and makes our schemas. */
async function prepare(database: Database, name: string): Promise<void> {
  await database.transaction(async (transaction) => {
    const [server] = await transaction.query<{ number: number; version: string }>(
      "select current_setting('server_version_num')::int as number, current_setting('server_version') as version",
    );
    if (server!.number < oldestVersion)
      throw new AppError(
        "database-invalid",
        `${name} is version ${server!.version}; it must be 15 or newer.`,
      );
    // Two of us at once would both find nothing and clash.
    await transaction.query("select pg_advisory_xact_lock($1)", [openingLock]);
    const missing = await transaction.query<{ schema: string }>(
      "select schema from unnest($1::text[]) as schema where to_regnamespace(schema) is null",
      [schemas],
    );
    for (const { schema } of missing) await transaction.script(`create schema ${schema}`);
  });
}

async function ask<Row>(
  target: Pool | PoolClient,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  // One statement, also where it has no parameters: as on the embedded engine.
  const query = { text, values: [...values], queryMode: "extended" };
  const { rows } = await target.query<Row & Record<string, unknown>>(query);
  return rows;
}

async function runScript(target: Pool | PoolClient, text: string): Promise<void> {
  await target.query(text);
}

/** `bigint` as number, alone and in arrays; all else as `pg` has it. */
function createTypes(): TypeOverrides {
  const overrides = new TypeOverrides();
  overrides.setTypeParser(types.builtins.INT8, Number);
  const bigintArray = 1016;
  overrides.setTypeParser(bigintArray, (text: string) =>
    text.slice(1, -1).split(",").filter(Boolean).map(Number),
  );
  return overrides;
}
