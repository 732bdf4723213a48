import type { PlatformHealth } from "../../contracts/platform.ts";
import type { Services } from "../../contracts/services.ts";

/** What works now; a platform that does not even open is one where nothing does. */
export async function readHealth(
  services: Services,
): Promise<PlatformHealth & { readonly isHealthy: boolean }> {
  try {
    const { db, redis, queue, workers } = await (await services.platform()).health();
    return { db, redis, queue, workers, isHealthy: db && queue && redis !== false };
  } catch {
    return { db: false, redis: null, queue: false, workers: 0, isHealthy: false };
  }
}
