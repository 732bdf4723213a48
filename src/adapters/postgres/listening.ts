import { setTimeout as sleep } from "node:timers/promises";
import { Client, type ClientConfig } from "pg";

export interface Listening {
  add(channel: string, onMessage: (payload: string) => void, onGap: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

interface Listener {
  readonly channel: string;
  readonly onMessage: (payload: string) => void;
  readonly onGap: () => void;
}

const firstPauseMs = 100;
const longestPauseMs = 2_000;
/** A connection that was cut without a word is noticed only by asking. */
const pingEveryMs = 15_000;
const pingTimeoutMs = 5_000;

/** One connection for all channels. When it breaks it is made anew, until `close`. */
export function createListening(config: ClientConfig): Listening {
  const listeners = new Set<Listener>();
  const closing = new AbortController();
  let link: Promise<Client> | null = null;

  function connected(): Promise<Client> {
    if (link) return link;
    const opening = open(() => {
      if (link !== opening) return;
      link = null;
      void restore();
    });
    opening.catch(() => {
      if (link === opening) link = null;
    });
    link = opening;
    return opening;
  }

  async function open(onLost: () => void): Promise<Client> {
    const client = new Client({ ...config, query_timeout: pingTimeoutMs });
    // Without a listener a broken connection would end the process; `end` follows and is what counts.
    client.on("error", () => {});
    client.on("notification", ({ channel, payload = "" }) => {
      for (const listener of listeners) if (listener.channel === channel) listener.onMessage(payload);
    });
    let isUp = false;
    const ping = setInterval(() => client.query("select 1").catch(() => client.end()), pingEveryMs).unref();
    client.once("end", () => {
      clearInterval(ping);
      if (isUp) onLost();
    });
    try {
      await client.connect();
      for (const channel of new Set(Array.from(listeners, (listener) => listener.channel)))
        await client.query(`listen ${quote(channel)}`);
    } catch (error) {
      clearInterval(ping);
      client.end().catch(() => {});
      throw error;
    }
    isUp = true;
    return client;
  }

  async function restore(): Promise<void> {
    for (let pauseMs = firstPauseMs; listeners.size > 0; pauseMs = Math.min(pauseMs * 2, longestPauseMs))
      try {
        await sleep(pauseMs, undefined, { signal: closing.signal });
        await connected();
        for (const listener of listeners) listener.onGap();
        return;
      } catch {
        if (closing.signal.aborted) return;
      }
  }

  return {
    async add(channel, onMessage, onGap) {
      const listener = { channel, onMessage, onGap };
      listeners.add(listener);
      try {
        const client = await connected();
        await client.query(`listen ${quote(channel)}`);
      } catch (error) {
        listeners.delete(listener);
        throw error;
      }
      return async () => {
        listeners.delete(listener);
        const isNeeded = Array.from(listeners).some((other) => other.channel === channel);
        const client = await link?.catch(() => null);
        if (!isNeeded) await client?.query(`unlisten ${quote(channel)}`).catch(() => {});
      };
    },
    async close() {
      closing.abort();
      listeners.clear();
      const last = link;
      link = null;
      const client = await last?.catch(() => null);
      await client?.end().catch(() => {});
    },
  };
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
