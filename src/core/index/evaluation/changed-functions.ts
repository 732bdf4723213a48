import type { BlobRecord } from "../records/blob-record.ts";
import type { SearchIndex } from "../search/search-index.ts";
import type { LineRange } from "./changed-lines.ts";
import { type FunctionKey, functionKey, isFunction } from "./functions.ts";

/** Functions and methods that hold a changed line, or lines between two of theirs. */
export function changedFunctions(
  index: SearchIndex,
  changed: ReadonlyMap<string, readonly LineRange[]>,
): Set<FunctionKey> {
  const keys = new Set<FunctionKey>();
  for (const [file, { path, record }] of index.files.entries()) {
    const ranges = changed.get(path);
    if (ranges === undefined || record === null) continue;
    const owners = ownersOf(record, (unit) => isFunction(index, file, unit));
    for (const { start, end, isGap } of ranges) {
      if (isGap) {
        const before = owners[start] ?? -1;
        const after = owners[end] ?? -1;
        const unit = before === after ? before : aroundBoth(record, before, after);
        if (unit >= 0) keys.add(functionKey(file, unit));
        continue;
      }
      for (let line = start; line <= Math.min(end, owners.length - 1); line++)
        if (owners[line]! >= 0) keys.add(functionKey(file, owners[line]!));
    }
  }
  return keys;
}

/** The innermost function of each line, -1 for none. Units come with the outer before the inner. */
function ownersOf(record: BlobRecord, isWanted: (unit: number) => boolean): Int32Array {
  const owners = new Int32Array(record.lines + 2).fill(-1);
  for (let unit = 0; unit < record.unitKinds.length; unit++)
    if (isWanted(unit)) owners.fill(unit, record.unitStarts[unit], record.unitEnds[unit]! + 1);
  return owners;
}

/** Where lines are put between an inner function and the one around it, they are the outer one's. */
function aroundBoth(record: BlobRecord, before: number, after: number): number {
  const around = (unit: number): number[] => {
    const units: number[] = [];
    for (let at = unit; at >= 0; at = record.unitParents[at]!) units.push(at);
    return units;
  };
  const others = new Set(around(after));
  return around(before).find((unit) => others.has(unit) && isFunctionUnit(record, unit)) ?? -1;
}

function isFunctionUnit(record: BlobRecord, unit: number): boolean {
  return record.unitNames[unit] !== 0 && [1, 2].includes(record.unitKinds[unit]!);
}
