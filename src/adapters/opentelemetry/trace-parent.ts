import { randomBytes } from "node:crypto";

export interface ParsedTraceParent {
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;
}

/** Reads a W3C `traceparent`; null when it is none. Later versions may carry more behind what is known here. */
export function parseTraceParent(text: string): ParsedTraceParent | null {
  const match = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/.exec(text);
  if (!match) return null;
  const [, version, traceId, spanId, flags, rest] = match;
  if (version === "ff" || (version === "00" && rest !== undefined)) return null;
  if (/^0+$/.test(traceId!) || /^0+$/.test(spanId!)) return null;
  return { traceId: traceId!, spanId: spanId!, isSampled: (Number.parseInt(flags!, 16) & 1) === 1 };
}

const poolBytes = 4_096;

/** Gives random ids in hex. One call of the system serves many: with one for each id they were 4 % of a request. */
export function createRandomIds(): (bytes: number) => string {
  let pool = randomBytes(poolBytes);
  let used = 0;
  return (bytes) => {
    if (used + bytes > poolBytes) {
      pool = randomBytes(poolBytes);
      used = 0;
    }
    used += bytes;
    return pool.toString("hex", used - bytes, used);
  };
}
