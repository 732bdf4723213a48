import { Pool, type PoolConfig } from "pg";
import type { PoolShape } from "../../contracts/database.ts";

/** More than there are kinds of jobs: every BullMQ worker keeps one client for as long as it lives. */
const mostListeners = 64;

/**
 * What BullMQ gets: statements on a few connections of their own, so that a burst of tickets and our own statements do
 * not starve each other, and checked-out clients, each of which is a worker that listens, beside them. Opened with the
 * first use: with Redis nobody asks.
 */
export function createQueuePool(config: PoolConfig, connections: number): PoolShape {
  const pools: Pool[] = [];
  const listeners: ((error: unknown) => void)[] = [];
  let isEnded = false;

  function open(max: number): () => Pool {
    let pool: Pool | null = null;
    return () => {
      if (!pool) {
        pool = new Pool({ ...config, max });
        // The driver's clients end the process when they break while nobody listens to them.
        pool.on("connect", (client) => client.on("error", () => {}));
        pool.on("error", (error) => {
          for (const listener of listeners) listener(error);
        });
        pools.push(pool);
      }
      return pool;
    };
  }

  const working = open(connections);
  const listening = open(mostListeners);
  const assertOpen = (): void => {
    if (isEnded) throw new Error("Cannot use a pool after calling end on the pool");
  };
  const shape: PoolShape & { readonly options: unknown } = {
    // BullMQ looks for this to decide how long it may wait for a notification.
    options: { keepAlive: true },
    async query(text, parameters) {
      assertOpen();
      return await working().query(text, parameters === undefined ? undefined : [...parameters]);
    },
    async connect() {
      assertOpen();
      return await listening().connect();
    },
    async end() {
      isEnded = true;
      await Promise.all(pools.splice(0).map((pool) => pool.end()));
    },
    on(event, listener) {
      if (event === "error") listeners.push(listener);
      return shape;
    },
  };
  return shape;
}
