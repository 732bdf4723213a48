import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { ServerEvent } from "../contracts/route.ts";

export interface StreamOptions {
  /** Time between comments that keep proxies from closing a quiet stream. */
  readonly heartbeatMs: number;
  /** A client that takes nothing for so long is dropped. */
  readonly stallMs: number;
  /** Time after which a client should connect again. */
  readonly retryMs: number;
}

/**
 * Sends events as they come, no faster than the client takes them, until they end or `signal` is aborted (the client
 * went away, or the server stops). Rejects with what the events reject with.
 */
export async function sendEvents(
  response: ServerResponse,
  events: AsyncIterable<ServerEvent>,
  signal: AbortSignal,
  options: StreamOptions,
): Promise<void> {
  const iterator = events[Symbol.asyncIterator]();
  const aborted = new Promise<null>((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener("abort", () => resolve(null), { once: true });
  });
  // A quiet stream whose client is slow needs no further comments in its buffer.
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(":\n\n");
  }, options.heartbeatMs);
  try {
    response.write(`retry: ${options.retryMs}\n\n`);
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next === null || next.done === true) break;
      if (!response.write(formatEvent(next.value)) && !(await drain(response, signal, options.stallMs)))
        break;
    }
  } finally {
    clearInterval(heartbeat);
    // Not awaited: an iterator that waits for its next event ends only then, and its source knows the signal.
    void Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

/** One event in the format of the specification. */
export function formatEvent({ id, event, data }: ServerEvent): string {
  return `id: ${oneLine(id)}\nevent: ${oneLine(event)}\ndata: ${JSON.stringify(data)}\n\n`;
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\0]/g, " ");
}

/** Whether the client took what was written, in time. */
async function drain(response: ServerResponse, signal: AbortSignal, stallMs: number): Promise<boolean> {
  const tooLate = AbortSignal.timeout(stallMs);
  try {
    await once(response, "drain", { signal: AbortSignal.any([signal, tooLate]) });
    return true;
  } catch {
    if (tooLate.aborted) response.destroy();
    return false;
  }
}
