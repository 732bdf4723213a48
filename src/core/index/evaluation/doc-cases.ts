import type { Git } from "../../../contracts/git.ts";
import { readBlobs } from "../../repository/tree.ts";
import type { SearchIndex } from "../search/search-index.ts";
import { readDocSentence } from "./doc-sentences.ts";
import { type FunctionKey, functionKey, isFunction } from "./functions.ts";

/** A function and what its author says it does. */
export interface DocCase {
  readonly key: FunctionKey;
  readonly sentence: string;
}

/**
 * At most `most` documented functions, evenly spaced over the files by path. Of tests and of what was copied or
 * generated none: nobody looks for those in their words.
 */
export async function readDocCases(
  index: SearchIndex,
  gitDir: string,
  git: Git,
  most: number,
  signal: AbortSignal,
): Promise<readonly DocCase[]> {
  const filesByOid = new Map<string, number[]>();
  for (const [file, { oid, record, traits }] of index.files.entries()) {
    if (record === null || traits.test || traits.vendored || traits.generated) continue;
    if (!record.unitKinds.some((_, unit) => isFunction(index, file, unit))) continue;
    const same = filesByOid.get(oid);
    if (same) same.push(file);
    else filesByOid.set(oid, [file]);
  }
  const found: DocCase[] = [];
  await readBlobs(gitDir, [...filesByOid.keys()], git, signal, (oid, bytes) => {
    const lines = bytes.toString("utf8").split("\n");
    // Copies of one file are one place.
    const file = filesByOid.get(oid)![0]!;
    found.push(...readFile(index, file, lines));
  });
  found.sort((a, b) => a.key - b.key);
  if (found.length <= most) return found;
  return Array.from({ length: most }, (_, at) => found[Math.floor(((at + 0.5) * found.length) / most)]!);
}

function readFile(index: SearchIndex, file: number, lines: readonly string[]): DocCase[] {
  const { record, language } = index.files[file]!;
  const cases: DocCase[] = [];
  const isPython = language === "Python";
  const names = record!.names();
  for (let unit = 0; unit < names.length; unit++) {
    if (!isFunction(index, file, unit)) continue;
    const startLine = record!.unitStarts[unit]!;
    const line = record!.unitLines[unit]!;
    if (startLine === line && !isPython) continue;
    const place = { startLine, line, endLine: record!.unitEnds[unit]!, name: names[unit]! };
    const sentence = readDocSentence(lines, place, isPython);
    if (sentence !== null) cases.push({ key: functionKey(file, unit), sentence });
  }
  return cases;
}
