import { setTimeout as sleep } from "node:timers/promises";
import { isAppError } from "../../base/errors.ts";
import type { Log } from "../../contracts/log.ts";

const firstWaitMs = 200;
const mostWaitMs = 2_000;
const patienceMs = 10 * 60_000;

/**
 * What was worked for is not thrown away because the database is away for a while. When `signal` is aborted there is no
 * further try.
 */
export async function persist<T>(write: () => Promise<T>, log: Log, signal: AbortSignal): Promise<T> {
  const giveUpAt = performance.now() + patienceMs;
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(mostWaitMs, waitMs * 2)) {
    try {
      return await write();
    } catch (error) {
      const isOver = signal.aborted || performance.now() > giveUpAt;
      if (isOver || !isAppError(error, "database-unavailable")) throw error;
      log.warn("the database is away, will write again", { wait_ms: waitMs, error });
      await sleep(waitMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) throw error;
    }
  }
}
