import { EventEmitter } from "node:events";
import type { EngineResult } from "./messages.ts";
import type { Turns } from "./turns.ts";

/** What BullMQ takes for a result of `pg`. */
interface PoolResult {
  readonly rows: readonly unknown[];
  readonly rowCount: number;
  readonly command: string;
}

type Send = (text: string, parameters: readonly unknown[] | undefined) => Promise<readonly EngineResult[]>;

export interface PoolShim extends EventEmitter {
  query(text: string, parameters?: readonly unknown[]): Promise<PoolResult>;
  connect(): Promise<PoolClient>;
  end(): Promise<void>;
  /** Hands a NOTIFY to every client that is checked out. */
  notify(channel: string, payload: string): void;
  /** Tells every client that is checked out that its connection is lost. */
  cut(error: Error): void;
}

interface PoolClient extends EventEmitter {
  query(text: string, parameters?: readonly unknown[]): Promise<PoolResult>;
  release(): void;
}

/** The one connection in the shape of a `pg.Pool`. Its clients share the connection, but for one in a transaction. */
export function createPool(turnsNow: () => Turns, send: Send): PoolShim {
  const clients = new Set<PoolClient>();

  function connect(): PoolClient {
    let giveBack: (() => void) | null = null;

    async function query(text: string, parameters?: readonly unknown[]): Promise<PoolResult> {
      if (!clients.has(client)) throw new Error("This client was released, or its connection was lost.");
      if (/^\s*(begin|start\s+transaction)\b/i.test(text)) giveBack ??= await turnsNow().hold();
      if (!giveBack) return turnsNow().run(async () => toPoolResult(await send(text, parameters)));
      const answer = send(text, parameters);
      // The engine keeps the order, so the next in turn may send before this is answered.
      if (/^\s*(commit|rollback|end)\b(?!\s+to\b)/i.test(text)) letGo();
      return toPoolResult(await answer);
    }

    function letGo(): void {
      giveBack?.();
      giveBack = null;
    }

    function release(): void {
      if (giveBack) send("rollback", undefined).catch(() => {});
      letGo();
      clients.delete(client);
    }

    const client: PoolClient = Object.assign(new EventEmitter().setMaxListeners(0), { query, release });
    clients.add(client);
    return client;
  }

  return Object.assign(new EventEmitter().setMaxListeners(0), {
    // Nothing to keep alive here; BullMQ looks for this to decide how long it may wait for a notification.
    options: { keepAlive: true },
    query: (text: string, parameters?: readonly unknown[]) =>
      turnsNow().run(async () => toPoolResult(await send(text, parameters))),
    connect: async () => connect(),
    async end() {},
    notify(channel: string, payload: string) {
      for (const client of clients) client.emit("notification", { channel, payload });
    },
    cut(error: Error) {
      for (const client of clients) if (client.listenerCount("error") > 0) client.emit("error", error);
      clients.clear();
    },
  });
}

function toPoolResult(results: readonly EngineResult[]): PoolResult {
  return results.at(-1) ?? { rows: [], rowCount: 0, command: "" };
}
