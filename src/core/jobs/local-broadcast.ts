import { EventEmitter } from "node:events";
import type { Broadcast } from "../../contracts/queue.ts";

/** For a database that only this process has open: nobody else could listen. */
export function createLocalBroadcast(): Broadcast {
  const emitter = new EventEmitter().setMaxListeners(0);
  return {
    publish(topic, message) {
      emitter.emit(topic, message);
    },
    subscribe(topic, onMessage) {
      emitter.on(topic, onMessage);
      return () => emitter.off(topic, onMessage);
    },
    async close() {
      emitter.removeAllListeners();
    },
  };
}
