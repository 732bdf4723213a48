import type { BlobRecord } from "../records/blob-record.ts";

/** The innermost unit around a line, or -1. */
export function unitAt(record: BlobRecord, line: number): number {
  let best = -1;
  let shortest = Infinity;
  for (let unit = 0; unit < record.unitKinds.length; unit++) {
    const start = record.unitStarts[unit]!;
    const end = record.unitEnds[unit]!;
    if (start > line || end < line || end - start > shortest) continue;
    best = unit;
    shortest = end - start;
  }
  return best;
}

/** `Class.method`: the names of the definitions around it and its own. */
export function fullName(record: BlobRecord, unit: number): string {
  const names = record.names();
  const parts: string[] = [];
  for (let at = unit; at >= 0; at = record.unitParents[at]!) if (names[at] !== "") parts.unshift(names[at]!);
  return parts.join(".");
}
