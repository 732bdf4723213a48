import type { Git } from "../../../contracts/git.ts";
import { readBlobs } from "../../repository/tree.ts";
import type { BlobRecord } from "../records/blob-record.ts";
import { toRecordInput } from "../records/build-record.ts";
import { lexSyntaxOf, lexWords, wordPlace } from "../records/lex.ts";
import type { IndexedFile } from "../search/search-index.ts";

/** Where the words of all questions stand in one file, written as they are, in lower case. Rows are by unit. */
export interface FileWords {
  /** Unit that owns the row, -1 for none. */
  readonly units: Int32Array;
  /** Index into the vocabulary. */
  readonly words: Uint32Array;
  readonly code: Uint16Array;
  readonly comment: Uint16Array;
  /** Words of code in each unit, whatever they are. */
  readonly unitCodeWords: Uint32Array;
}

/**
 * What a plain full-text index would know: nothing is split or stemmed. Made for the words of known questions only, so
 * that it fits into memory beside everything else.
 */
export interface WordTable {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly files: ReadonlyMap<IndexedFile, FileWords>;
}

const wordPattern = /[\p{L}\p{M}\p{N}_]+/gu;
const most = 65_535;

export function wholeWords(text: string): readonly string[] {
  return [...new Set(text.toLowerCase().match(wordPattern) ?? [])];
}

/** Contents that cannot be read are left out. */
export async function readWordTable(
  files: readonly IndexedFile[],
  questions: readonly string[],
  gitDir: string,
  git: Git,
  signal: AbortSignal,
): Promise<WordTable> {
  const vocabulary = new Map<string, number>();
  for (const question of questions)
    for (const word of wholeWords(question)) if (!vocabulary.has(word)) vocabulary.set(word, vocabulary.size);
  const filesByOid = Map.groupBy(
    files.filter(({ record }) => record !== null),
    ({ oid }) => oid,
  );
  const found = new Map<IndexedFile, FileWords>();
  await readBlobs(gitDir, [...filesByOid.keys()], git, signal, (oid, bytes) => {
    const text = bytes.toString("utf8");
    for (const file of filesByOid.get(oid)!) found.set(file, countWords(file, text, vocabulary));
  });
  return { vocabulary, files: found };
}

function countWords(
  { language, record }: IndexedFile,
  whole: string,
  vocabulary: ReadonlyMap<string, number>,
): FileWords {
  const { text } = toRecordInput(whole, language, []);
  const owners = ownersOf(record!);
  const unitCodeWords = new Uint32Array(record!.unitKinds.length);
  const counts = new Map<number, { code: number; comment: number }>();
  lexWords(text, lexSyntaxOf(language), (start, end, line, place) => {
    const owner = owners[line] ?? -1;
    const isComment = place === wordPlace.comment;
    if (!isComment && owner >= 0) unitCodeWords[owner]!++;
    const word = vocabulary.get(text.slice(start, end).toLowerCase());
    if (word === undefined) return;
    const key = (owner + 1) * vocabulary.size + word;
    let count = counts.get(key);
    if (count === undefined) counts.set(key, (count = { code: 0, comment: 0 }));
    if (isComment) count.comment++;
    else count.code++;
  });
  const rows = [...counts].sort(([a], [b]) => a - b);
  return {
    units: Int32Array.from(rows, ([key]) => Math.floor(key / vocabulary.size) - 1),
    words: Uint32Array.from(rows, ([key]) => key % vocabulary.size),
    code: Uint16Array.from(rows, ([, { code }]) => Math.min(most, code)),
    comment: Uint16Array.from(rows, ([, { comment }]) => Math.min(most, comment)),
    unitCodeWords,
  };
}

/** The innermost unit of each line. Units come with the outer before the inner. */
function ownersOf(record: BlobRecord): Int32Array {
  const owners = new Int32Array(record.lines + 2).fill(-1);
  for (let unit = 0; unit < record.unitKinds.length; unit++)
    owners.fill(unit, record.unitStarts[unit], record.unitEnds[unit]! + 1);
  return owners;
}
