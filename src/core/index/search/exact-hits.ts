import { hashTerm } from "../records/words.ts";
import type { Git } from "../../../contracts/git.ts";
import type { Snapshot } from "../../../contracts/repository.ts";
import type { ExactParts } from "./exact.ts";
import { grepSnapshot } from "./grep.ts";
import type { SearchIndex } from "./search-index.ts";
import { unitAt } from "./unit-at.ts";

/** A place that was asked for letter by letter. */
export interface ExactHit {
  readonly file: number;
  /** -1 where the file has no unit at that line. */
  readonly unit: number;
  readonly line: number;
  /** A named line of a file, a text that stands there, a definition of that name. */
  readonly reason: "place" | "literal" | "definition";
  /** What was found: different texts in one place speak for it more than the same one twice. */
  readonly text: string;
}

const maxMatches = 2_000;
/** A text that stands in more places than this tells none of them apart. */
const maxPinned = 200;
/** A name with more definitions than this says nothing about which one is meant. */
const maxDefinitions = 40;

export async function findExact(
  index: SearchIndex,
  snapshot: Snapshot,
  parts: ExactParts,
  git: Git,
  signal: AbortSignal,
): Promise<{ readonly hits: readonly ExactHit[]; readonly isCut: boolean }> {
  const hits: ExactHit[] = [];
  let isCut = false;
  for (const { path, line } of parts.places)
    for (const file of findPath(index, path)) {
      // A trace of another version may name a line that this one does not have.
      const known = Math.max(1, line) <= (index.files[file]!.record?.lines ?? line) ? Math.max(1, line) : 1;
      hits.push({ file, unit: unitOf(file, known), line: known, reason: "place", text: `${path}:${line}` });
    }
  const patterns = [
    ...(parts.expression ? [{ pattern: parts.expression.source, kind: "expression" as const }] : []),
    ...parts.literals.map((pattern) => ({ pattern, kind: "literal" as const })),
  ];
  if (patterns.length > 0) {
    const fileOf = new Map(index.files.map(({ path }, at) => [path, at]));
    for (const { pattern, kind } of patterns) {
      const found = await grepSnapshot(snapshot, pattern, git, {
        kind,
        ignoresCase: parts.expression?.ignoresCase ?? false,
        maxMatches,
        signal,
      });
      isCut ||= found.isCut;
      if (kind === "literal" && found.matches.length > maxPinned) continue;
      for (const { path, line } of found.matches) {
        const file = fileOf.get(path);
        if (file !== undefined)
          hits.push({ file, unit: unitOf(file, line), line, reason: "literal", text: pattern });
      }
    }
  }
  for (const identifier of parts.identifiers) {
    const definitions = findDefinitions(index, hashTerm(identifier));
    if (definitions.length > maxDefinitions) continue;
    for (const { file, unit } of definitions)
      hits.push({
        file,
        unit,
        line: index.files[file]!.record!.unitLines[unit]!,
        reason: "definition",
        text: identifier,
      });
  }
  return { hits, isCut };

  function unitOf(file: number, line: number): number {
    const record = index.files[file]!.record;
    return record === null ? -1 : unitAt(record, line);
  }
}

/** Units of that name, by the hash of the name as written. */
export function findDefinitions(index: SearchIndex, name: number): { file: number; unit: number }[] {
  const found: { file: number; unit: number }[] = [];
  for (const [file, { record }] of index.files.entries()) {
    if (record === null) continue;
    for (
      let unit = record.unitNames.indexOf(name);
      unit !== -1;
      unit = record.unitNames.indexOf(name, unit + 1)
    )
      found.push({ file, unit });
  }
  return found;
}

/** Files whose path ends like the given one; a stack trace names them from another root. The longest match wins. */
function findPath(index: SearchIndex, path: string): number[] {
  const wanted = path.split("/").filter((part) => part !== "" && part !== "." && part !== "..");
  let best: number[] = [];
  let most = 0;
  for (const [file, { path: own }] of index.files.entries()) {
    const parts = own.split("/");
    let same = 0;
    while (same < wanted.length && same < parts.length && wanted.at(-1 - same) === parts.at(-1 - same))
      same++;
    if (same === 0 || same < most) continue;
    if (same > most) best = [];
    most = same;
    best.push(file);
  }
  return best.slice(0, 5);
}
