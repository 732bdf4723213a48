import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../../contracts/log.ts";
import type { Dispatcher } from "../../contracts/queue.ts";

/** Puts a ticket for a job of this kind, at once or when it may start. */
export type Tickets = (kind: string, delayMs?: number) => void;

/** Where the database carries them, putting tickets keeps it from storing jobs: it may take a fifth of the time. */
const restFactor = 4;
const mostRestMs = 50;

/** Puts tickets for what was stored, those of one moment together. What fails here is made up for by the sweeper. */
export function createTickets({
  dispatcher,
  log,
}: {
  readonly dispatcher: Dispatcher;
  readonly log: Log;
}): Tickets {
  let wanted = new Map<string, number>();
  let isPutting = false;

  async function putAll(): Promise<void> {
    isPutting = true;
    await new Promise((resolve) => setImmediate(resolve));
    while (wanted.size > 0) {
      const now = wanted;
      wanted = new Map();
      const startedAt = performance.now();
      for (const [kind, count] of now)
        await dispatcher
          .add(kind, count)
          .catch((error: unknown) => log.warn("tickets were not put", { kind, count, error }));
      const restMs = Math.min(mostRestMs, (performance.now() - startedAt) * restFactor);
      await sleep(restMs, undefined, { ref: false });
    }
    isPutting = false;
  }

  return function put(kind, delayMs = 0) {
    if (delayMs > 0) {
      // Should this process be gone by then, the sweeper sees to it, a moment later.
      setTimeout(put, delayMs, kind).unref();
      return;
    }
    wanted.set(kind, (wanted.get(kind) ?? 0) + 1);
    if (!isPutting) void putAll();
  };
}
