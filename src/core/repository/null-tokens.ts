import type { Readable } from "node:stream";

/**
 * Splits a stream of NUL-terminated tokens, as Git's `-z` writes it. `onToken` gets a view that is valid only
 * during the call; returning false ends the reading. A last token without NUL is handed over too.
 */
export async function readNullTokens(
  stream: Readable,
  onToken: (token: Buffer) => boolean | void,
): Promise<"end" | "stopped"> {
  let rest: Buffer | null = null;
  for await (const piece of stream) {
    const buffer: Buffer = rest ? Buffer.concat([rest, piece as Buffer]) : (piece as Buffer);
    let start = 0;
    for (;;) {
      const end = buffer.indexOf(0, start);
      if (end < 0) break;
      if (onToken(buffer.subarray(start, end)) === false) return "stopped";
      start = end + 1;
    }
    rest = start < buffer.length ? buffer.subarray(start) : null;
  }
  if (rest) onToken(rest);
  return "end";
}
