import type { Database } from "../../contracts/database.ts";
import type { Log } from "../../contracts/log.ts";
import type { Broadcast, Topic } from "../../contracts/queue.ts";

const channel = "repowright";
/** Hints that come close together go as one statement. */
const gatherMs = 5;

/** Hints over PostgreSQL's LISTEN and NOTIFY. */
export async function createDatabaseBroadcast(database: Database, log: Log): Promise<Broadcast> {
  const listeners = new Map<Topic, Set<(message: string | null) => void>>([
    ["events", new Set()],
    ["cancel", new Set()],
  ]);
  const unlisten = await database.listen(
    channel,
    (payload) => {
      const at = payload.indexOf(" ");
      for (const listener of listeners.get(payload.slice(0, at) as Topic) ?? [])
        listener(payload.slice(at + 1));
    },
    () => {
      for (const each of listeners.values()) for (const listener of each) listener(null);
    },
  );
  let waiting = new Set<string>();
  let timer: NodeJS.Timeout | null = null;

  function flush(): void {
    timer = null;
    const payloads = [...waiting];
    waiting = new Set();
    database
      .query(`select pg_notify('${channel}', payload) from json_array_elements_text($1::json) as payload`, [
        JSON.stringify(payloads),
      ])
      .catch((error: unknown) => log.debug("hints were not sent", { error }));
  }

  return {
    publish(topic, message) {
      waiting.add(`${topic} ${message}`);
      timer ??= setTimeout(flush, gatherMs);
    },
    subscribe(topic, onMessage) {
      listeners.get(topic)!.add(onMessage);
      return () => listeners.get(topic)!.delete(onMessage);
    },
    async close() {
      if (timer) clearTimeout(timer);
      await unlisten();
    },
  };
}
