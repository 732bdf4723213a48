import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
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
  /** File with a dump, to begin with that instead of an empty database. The directory must be empty. */
  readonly loadFrom?: string;
  readonly statementTimeoutMs?: number;
  readonly onQuery?: (durationMs: number) => void;
  /** Called before a broken engine is started again: the moment to make room on a full disk. */
  readonly beforeRestart?: () => void;
}

interface Listener {
  readonly channel: string;
  readonly onMessage: (payload: string) => void;
  readonly onGap: () => void;
}

const firstPauseMs = 200;
const longestPauseMs = 5_000;
const compress = promisify(gzip);
const schemas = ["repowright", "bullmq"];
const searchPath = "repowright, bullmq, public";

/**
 * PostgreSQL as WebAssembly in a thread of its own, with one connection. When the engine breaks, what is under way and
 * what comes meanwhile fails with `database-unavailable`, and it is started again on the same files.
 * @throws AppError `database-unavailable`, `disk-full`, `permission-denied`
 */
export async function openEmbeddedDatabase(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const listeners = new Set<Listener>();
  const closed = new AbortController();
  const pool = createPool(
    () => turns,
    (text, parameters) =>
      parameters === undefined || parameters.length === 0
        ? script(text, "text")
        : query(text, parameters, "text"),
  );
  let turns = createTurns();
  let restarting: Promise<void> | null = null;
  let closing: Promise<void> | null = null;
  let isOpen = false;
  let thread = await start(options.loadFrom ?? null);
  isOpen = true;

  function start(loadFrom: string | null): Promise<EngineThread> {
    return startEngine({
      workerUrl: options.workerUrl,
      engine: { directory: options.directory, loadFrom, searchPath, schemas },
      statementTimeoutMs: options.statementTimeoutMs ?? 120_000,
      onNotification(channel, payload) {
        for (const listener of listeners) if (listener.channel === channel) listener.onMessage(payload);
        pool.notify(channel, payload);
      },
      onBroken: noteBreak,
    });
  }

  function noteBreak(error: AppError): void {
    turns.end(error);
    if (!isOpen || closed.signal.aborted) return;
    pool.cut(error);
    restarting ??= restart();
  }

  async function restart(): Promise<void> {
    for (let pauseMs = firstPauseMs; !closed.signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs))
      try {
        await sleep(pauseMs, undefined, { signal: closed.signal });
        // Two engines on one folder would destroy it.
        await thread.terminate();
        options.beforeRestart?.();
        thread = await start(null);
        for (const channel of new Set(Array.from(listeners, (listener) => listener.channel)))
          await thread.ask({ kind: "script", sql: `listen ${quote(channel)}`, integers: "number" });
        turns = createTurns();
        restarting = null;
        for (const listener of listeners) listener.onGap();
        return;
      } catch {
        // Not yet; the error that began it is what callers are told.
      }
  }

  function query(
    sql: string,
    parameters: readonly unknown[],
    integers: Integers,
    engine = thread,
  ): Promise<readonly EngineResult[]> {
    return timed(() => engine.ask({ kind: "query", sql, parameters: parameters.map(toParameter), integers }));
  }

  function script(sql: string, integers: Integers, engine = thread): Promise<readonly EngineResult[]> {
    return timed(() => engine.ask({ kind: "script", sql, integers }));
  }

  async function timed<T>(work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      options.onQuery?.(performance.now() - start);
    }
  }

  async function rowsOf<Row>(
    sql: string,
    parameters: readonly unknown[] = [],
    engine = thread,
  ): Promise<readonly Row[]> {
    const results = await query(sql, parameters, "number", engine);
    return results[0]!.rows as readonly Row[];
  }

  async function runScript(sql: string, engine = thread): Promise<void> {
    await script(sql, "number", engine);
  }

  async function transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    const giveBack = await turns.hold();
    // The one that began it: on an engine that was started again there is no transaction to continue.
    const engine = thread;
    let isOver = false;
    const assertOpen = (): void => {
      if (isOver) throw new AppError("internal", "A statement came after the end of its transaction.");
    };
    try {
      // Sent without waiting: the engine keeps the order.
      const begun = query("begin", [], "number", engine);
      const [result] = await Promise.all([
        work({
          async query<Row>(sql: string, parameters?: readonly unknown[]) {
            assertOpen();
            return await rowsOf<Row>(sql, parameters, engine);
          },
          async script(sql) {
            assertOpen();
            await runScript(sql, engine);
          },
        }),
        begun,
      ]);
      isOver = true;
      const [end] = await query("commit", [], "number", engine);
      if (end?.command !== "COMMIT")
        throw new AppError("internal", "A statement of the transaction failed, so all of it was undone.");
      return result;
    } catch (error) {
      if (!isOver) {
        isOver = true;
        await query("rollback", [], "number", engine).catch(() => {});
      }
      throw error;
    } finally {
      giveBack();
    }
  }

  async function close(): Promise<void> {
    closed.abort();
    await restarting;
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
    async listen(channel, onMessage, onGap) {
      const listener = { channel, onMessage, onGap };
      listeners.add(listener);
      try {
        await turns.run(() => runScript(`listen ${quote(channel)}`));
      } catch (error) {
        listeners.delete(listener);
        throw error;
      }
      // BullMQ may listen to the same channel on the same connection, so there is no UNLISTEN; nobody pays for it.
      return async () => void listeners.delete(listener);
    },
    pool,
    version: async () => thread.version,
    dump: async () => await compress(await turns.run(() => thread.dump())),
    close: () => (closing ??= close()),
  };
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
