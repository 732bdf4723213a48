import { Redis } from "ioredis";
import type { Log } from "../../contracts/log.ts";
import type { SharedCache } from "../../contracts/queue.ts";

/** Results in Redis. While it is away nothing is found and nothing is kept. */
export function createRedisCache(url: string, log: Log): SharedCache & { close(): void } {
  const redis = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
  const onError = (error: unknown): null => {
    log.warn("redis error", { error });
    return null;
  };
  redis.on("error", onError);
  const nameOf = (space: string, key: string): string => `repowright:cache:${space}:${key}`;
  return {
    get: (space, key) => redis.get(nameOf(space, key)).catch(onError),
    async put(space, key, value, lifeMs) {
      await redis.set(nameOf(space, key), value, "PX", lifeMs).catch(onError);
    },
    close: () => redis.disconnect(),
  };
}
