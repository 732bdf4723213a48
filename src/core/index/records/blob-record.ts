import { unitKinds, type UnitKind } from "./cut-units.ts";

/**
 * What search knows about one blob, as columns: everything in it follows from the content and the language alone, so
 * it is made once per blob and shared by commits, branches and forks. Terms are sorted, so that one is found by bisection.
 */
export interface BlobRecord {
  readonly lines: number;
  /** Words of code and strings, and words of comments, in the whole file. */
  readonly codeWords: number;
  readonly commentWords: number;
  /** Terms of the whole file with how often each stands in code, in comments and in names of definitions (at most 255). */
  readonly terms: TermTable;
  /** Unit `u` owns the terms from `unitTermStarts[u]` up to `unitTermStarts[u + 1]`. */
  readonly unitTerms: TermTable;
  readonly unitTermStarts: Uint32Array;
  /** Words of code and comments in each unit. */
  readonly unitWords: Uint32Array;
  readonly unitKinds: Uint8Array;
  readonly unitStarts: Uint32Array;
  readonly unitLines: Uint32Array;
  readonly unitEnds: Uint32Array;
  readonly unitParents: Int32Array;
  /** Hash of the name as written; 0 for chunks. */
  readonly unitNames: Uint32Array;
  /** Hashes of the identifiers that each unit's code mentions, sorted; see `unitTermStarts`. */
  readonly mentions: Uint32Array;
  readonly mentionStarts: Uint32Array;
  /** Name of each unit, empty for chunks. */
  readonly names: () => readonly string[];
}

export interface TermTable {
  readonly hashes: Uint32Array;
  readonly code: Uint8Array;
  readonly comment: Uint8Array;
  readonly name: Uint8Array;
}

export function unitKindOf(record: BlobRecord, unit: number): UnitKind {
  return unitKinds[record.unitKinds[unit]!]!;
}

/** A record before it is bytes. */
export type RecordColumns = Omit<BlobRecord, "names"> & { readonly names: readonly string[] };

const headerWords = 8;

/** One buffer: a header, then the 32-bit columns, then the 8-bit ones, then the names. */
export function encodeRecord(record: RecordColumns): Uint8Array {
  const names = Buffer.from(record.names.join("\n"), "utf8");
  const words = [
    record.unitTermStarts,
    record.unitWords,
    record.unitStarts,
    record.unitLines,
    record.unitEnds,
    new Uint32Array(record.unitParents.buffer, record.unitParents.byteOffset, record.unitParents.length),
    record.unitNames,
    record.mentionStarts,
    record.terms.hashes,
    record.unitTerms.hashes,
    record.mentions,
  ];
  const bytes = [
    record.unitKinds,
    record.terms.code,
    record.terms.comment,
    record.terms.name,
    record.unitTerms.code,
    record.unitTerms.comment,
    record.unitTerms.name,
    names,
  ];
  const wordCount = words.reduce((sum, column) => sum + column.length, headerWords);
  const size = wordCount * 4 + bytes.reduce((sum, column) => sum + column.length, 0);
  const buffer = new ArrayBuffer(size);
  const wordView = new Uint32Array(buffer, 0, wordCount);
  wordView.set([
    record.lines,
    record.codeWords,
    record.commentWords,
    record.unitKinds.length,
    record.terms.hashes.length,
    record.unitTerms.hashes.length,
    record.mentions.length,
    names.length,
  ]);
  let at = headerWords;
  for (const column of words) {
    wordView.set(column, at);
    at += column.length;
  }
  const byteView = new Uint8Array(buffer);
  at *= 4;
  for (const column of bytes) {
    byteView.set(column, at);
    at += column.length;
  }
  return byteView;
}

/** Views into `bytes`; null when they are not a record. */
export function decodeRecord(bytes: Uint8Array): BlobRecord | null {
  if (bytes.byteLength < headerWords * 4) return null;
  // A Buffer's own `slice` would share the memory.
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
  const header = new Uint32Array(aligned.buffer, aligned.byteOffset, headerWords);
  const [lines, codeWords, commentWords, units, terms, unitTerms, mentions, nameBytes] =
    header as unknown as [number, number, number, number, number, number, number, number];
  const wordCount = headerWords + 6 * units + 2 * (units + 1) + terms + unitTerms + mentions;
  if (wordCount * 4 + units + 3 * (terms + unitTerms) + nameBytes !== aligned.byteLength) return null;
  let at = aligned.byteOffset + headerWords * 4;
  const takeWords = (length: number): Uint32Array => {
    const column = new Uint32Array(aligned.buffer, at, length);
    at += length * 4;
    return column;
  };
  const takeBytes = (length: number): Uint8Array => {
    const column = new Uint8Array(aligned.buffer, at, length);
    at += length;
    return column;
  };
  const unitTermStarts = takeWords(units + 1);
  const unitWords = takeWords(units);
  const unitStarts = takeWords(units);
  const unitLines = takeWords(units);
  const unitEnds = takeWords(units);
  const parents = takeWords(units);
  const unitNames = takeWords(units);
  const mentionStarts = takeWords(units + 1);
  const hashes = takeWords(terms);
  const unitHashes = takeWords(unitTerms);
  const mentionHashes = takeWords(mentions);
  const kinds = takeBytes(units);
  const table = { hashes, code: takeBytes(terms), comment: takeBytes(terms), name: takeBytes(terms) };
  const unitTable = {
    hashes: unitHashes,
    code: takeBytes(unitTerms),
    comment: takeBytes(unitTerms),
    name: takeBytes(unitTerms),
  };
  const nameText = takeBytes(nameBytes);
  if (unitTermStarts[units] !== unitTerms || mentionStarts[units] !== mentions) return null;
  let names: readonly string[] | null = null;
  return {
    lines,
    codeWords,
    commentWords,
    terms: table,
    unitTerms: unitTable,
    unitTermStarts,
    unitWords,
    unitKinds: kinds,
    unitStarts,
    unitLines,
    unitEnds,
    unitParents: new Int32Array(parents.buffer, parents.byteOffset, parents.length),
    unitNames,
    mentions: mentionHashes,
    mentionStarts,
    names: () => (names ??= units === 0 ? [] : Buffer.from(nameText).toString("utf8").split("\n")),
  };
}
