import { AppError } from "../../base/errors.ts";
import type { EmbeddedDatabase, Queryable } from "../../contracts/database.ts";
import type { EngineResult, Integers } from "./messages.ts";
import { toParameter } from "./parameters.ts";
import { createPool } from "./pool.ts";
import { startEngine, type EngineThread } from "./thread.ts";
import { createTurns } from "./turns.ts";

export interface EmbeddedOptions {
  /** Where PostgreSQL's files lie. The caller holds the lock: two processes in one folder destroy it. */
  readonly directory: string;
  /** Entry of the engine's thread. */
  readonly workerUrl: URL;
  readonly statementTimeoutMs?: number;
  readonly onQuery?: (durationMs: number) => void;
}

const schemas = ["repowright", "bullmq"];
const searchPath = "repowright, bullmq, public";

/**
 * PostgreSQL as WebAssembly in a thread of its own, with one connection.
 * @throws AppError `database-unavailable`, `disk-full`, `permission-denied`
 */
export async function openEmbeddedDatabase(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const turns = createTurns();
  const listeners = new Map<string, Set<(payload: string) => void>>();
  const thread: EngineThread = await startEngine({
    workerUrl: options.workerUrl,
    engine: { directory: options.directory, searchPath, schemas },
    statementTimeoutMs: options.statementTimeoutMs ?? 120_000,
    onNotification(channel, payload) {
      for (const listener of listeners.get(channel) ?? []) listener(payload);
      pool.notify(channel, payload);
    },
    onBroken: (error) => turns.end(error),
  });
  const pool = createPool(turns, (text, parameters) =>
    parameters === undefined || parameters.length === 0
      ? script(text, "text")
      : query(text, parameters, "text"),
  );
  let closing: Promise<void> | null = null;

  function query(
    sql: string,
    parameters: readonly unknown[],
    integers: Integers,
  ): Promise<readonly EngineResult[]> {
    return timed(() => thread.ask({ kind: "query", sql, parameters: parameters.map(toParameter), integers }));
  }

  function script(sql: string, integers: Integers): Promise<readonly EngineResult[]> {
    return timed(() => thread.ask({ kind: "script", sql, integers }));
  }

  async function timed<T>(work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      options.onQuery?.(performance.now() - start);
    }
  }

  async function rowsOf<Row>(sql: string, parameters: readonly unknown[] = []): Promise<readonly Row[]> {
    const results = await query(sql, parameters, "number");
    return results[0]!.rows as readonly Row[];
  }

  async function runScript(sql: string): Promise<void> {
    await script(sql, "number");
  }

  async function transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    const giveBack = await turns.hold();
    let isOver = false;
    const assertOpen = (): void => {
      if (isOver) throw new AppError("internal", "A statement came after the end of its transaction.");
    };
    try {
      // Sent without waiting: the engine keeps the order.
      const begun = runScript("begin");
      const [result] = await Promise.all([
        work({
          async query<Row>(sql: string, parameters?: readonly unknown[]) {
            assertOpen();
            return await rowsOf<Row>(sql, parameters);
          },
          async script(sql) {
            assertOpen();
            await runScript(sql);
          },
        }),
        begun,
      ]);
      isOver = true;
      const [end] = await script("commit", "number");
      if (end?.command !== "COMMIT")
        throw new AppError("internal", "A statement of the transaction failed, so all of it was undone.");
      return result;
    } catch (error) {
      if (!isOver) {
        isOver = true;
        await runScript("rollback").catch(() => {});
      }
      throw error;
    } finally {
      giveBack();
    }
  }

  async function close(): Promise<void> {
    try {
      await turns.run(() => thread.ask({ kind: "close" }));
    } catch (error) {
      // What is broken is as closed as it can be: the files are those of a crash, and opening repairs them.
      if (!(error instanceof AppError)) throw error;
    } finally {
      await thread.terminate();
    }
  }

  return {
    engine: "embedded",
    query: (sql, parameters) => turns.run(() => rowsOf(sql, parameters)),
    script: (sql) => turns.run(() => runScript(sql)),
    transaction,
    async listen(channel, onMessage) {
      const quoted = `"${channel.replaceAll('"', '""')}"`;
      const listener = (payload: string): void => onMessage(payload);
      const all = listeners.get(channel) ?? new Set();
      listeners.set(channel, all.add(listener));
      await turns.run(() => runScript(`listen ${quoted}`));
      return async () => {
        // BullMQ may listen to the same channel on the same connection, so there is no UNLISTEN; nobody pays for it.
        all.delete(listener);
        if (all.size === 0 && listeners.get(channel) === all) listeners.delete(channel);
      };
    },
    pool,
    version: async () => thread.version,
    dump: () => turns.run(() => thread.dump()),
    close: () => (closing ??= close()),
  };
}
