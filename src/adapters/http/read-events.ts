/** One server-sent event, or a piece of one that says only when to come again. */
export interface ReadEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** A stream that never ends a line would fill the memory. */
const maxBufferedChars = 8 * 2 ** 20;

/**
 * Reads `text/event-stream`. A stream from which nothing comes for `silenceMs`, not even a comment, is taken for dead:
 * rejects with a TimeoutError.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  silenceMs: number,
): AsyncGenerator<ReadEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let buffered = "";
  try {
    for (;;) {
      const { done, value } = await within(reader.read(), silenceMs);
      if (done) return;
      buffered += decoder.decode(value, { stream: true }).replaceAll("\r", "");
      if (buffered.length > maxBufferedChars) throw new Error("an event without an end");
      for (let end = buffered.indexOf("\n\n"); end >= 0; end = buffered.indexOf("\n\n")) {
        const event = parseEvent(buffered.slice(0, end));
        buffered = buffered.slice(end + 2);
        if (event) yield event;
      }
    }
  } finally {
    // Not awaited: a connection that hangs would hold its reader up.
    void reader.cancel().catch(() => {});
  }
}

/** Null for comments and hints. */
function parseEvent(block: string): ReadEvent | null {
  const fields = { id: "", event: "message", data: [] as string[] };
  for (const line of block.split("\n")) {
    const match = /^(id|event|data): ?(.*)$/s.exec(line);
    if (!match) continue;
    if (match[1] === "data") fields.data.push(match[2]!);
    else fields[match[1] as "id" | "event"] = match[2]!;
  }
  return fields.data.length === 0 ? null : { ...fields, data: fields.data.join("\n") };
}

async function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new DOMException(`silent for ${timeoutMs} ms`, "TimeoutError")),
    timeoutMs,
  );
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
