import { bisect } from "./bisect.ts";
import type { IndexedFile } from "./search-index.ts";

/** A definition or piece in a snapshot. */
export interface UnitRef {
  readonly file: number;
  readonly unit: number;
}

/** Who defines what, and who mentions it, by name: what a name means in one place is not resolved. */
export interface References {
  /** Definitions of a name, by the hash of the name as written. */
  readonly definitions: (name: number) => readonly UnitRef[];
  /** What a unit's code mentions that this repository defines, rare names first. */
  readonly mentioned: (of: UnitRef) => readonly { readonly ref: UnitRef; readonly definitions: number }[];
  /** Units whose code mentions the name, at most `limit`. */
  readonly mentioning: (name: number, limit: number) => readonly UnitRef[];
  /** In how many files' code the name is mentioned. */
  readonly fame: (name: number) => number;
}

/** A name with more definitions than this could mean anything. */
const maxDefinitions = 6;

/** Takes about 0.1 s for a million lines. */
export function createReferences(files: readonly IndexedFile[]): References {
  const byName = new Map<number, UnitRef[]>();
  for (const [file, { record }] of files.entries()) {
    if (record === null) continue;
    for (let unit = 0; unit < record.unitNames.length; unit++) {
      const name = record.unitNames[unit]!;
      if (name === 0) continue;
      const list = byName.get(name);
      if (list) list.push({ file, unit });
      else byName.set(name, [{ file, unit }]);
    }
  }
  let fames: Map<number, number> | null = null;

  function countFames(): Map<number, number> {
    const counts = new Map<number, number>();
    for (const { record } of files) {
      if (record === null) continue;
      for (const name of new Set(record.mentions))
        if (byName.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  }

  return {
    definitions: (name) => byName.get(name) ?? [],
    fame: (name) => (fames ??= countFames()).get(name) ?? 0,
    mentioned({ file, unit }) {
      const record = files[file]!.record!;
      const found: { ref: UnitRef; definitions: number }[] = [];
      for (let at = record.mentionStarts[unit]!; at < record.mentionStarts[unit + 1]!; at++) {
        const name = record.mentions[at]!;
        const all = byName.get(name);
        if (all === undefined || all.length > maxDefinitions || name === record.unitNames[unit]) continue;
        // The same file's own definition is what is meant.
        const own = all.filter((ref) => ref.file === file);
        for (const ref of own.length > 0 ? own : all) found.push({ ref, definitions: all.length });
      }
      return found.sort((a, b) => a.definitions - b.definitions);
    },
    mentioning(name, limit) {
      const found: UnitRef[] = [];
      for (const [file, { record }] of files.entries()) {
        if (record === null) continue;
        for (let unit = 0; unit < record.unitKinds.length && found.length < limit; unit++)
          if (bisect(record.mentions, name, record.mentionStarts[unit], record.mentionStarts[unit + 1]) >= 0)
            found.push({ file, unit });
      }
      return found;
    },
  };
}
