import { Redis } from "ioredis";
import type { Log } from "../../contracts/log.ts";
import type { Broadcast, Topic } from "../../contracts/queue.ts";

const prefix = "repowright:";
const topics: readonly Topic[] = ["events", "cancel"];

/** Hints over Redis's publish and subscribe. */
export function createRedisBroadcast(url: string, log: Log): Broadcast {
  const onError = (error: unknown): void => log.warn("redis error", { error });
  const publisher = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
  const subscriber = new Redis(url, { maxRetriesPerRequest: null });
  publisher.on("error", onError);
  subscriber.on("error", onError);
  const listeners = new Map<Topic, Set<(message: string | null) => void>>(
    topics.map((topic) => [topic, new Set()]),
  );
  const tell = (topic: Topic, message: string | null): void => {
    for (const listener of listeners.get(topic) ?? []) listener(message);
  };
  subscriber.subscribe(...topics.map((topic) => prefix + topic)).catch(onError);
  subscriber.on("message", (channel, message) => tell(channel.slice(prefix.length) as Topic, message));
  // The first time too: what was published before we listened was missed.
  subscriber.on("ready", () => topics.forEach((topic) => tell(topic, null)));
  return {
    publish(topic, message) {
      publisher.publish(prefix + topic, message).catch(onError);
    },
    subscribe(topic, onMessage) {
      listeners.get(topic)!.add(onMessage);
      return () => listeners.get(topic)!.delete(onMessage);
    },
    async close() {
      publisher.disconnect();
      subscriber.disconnect();
    },
  };
}
