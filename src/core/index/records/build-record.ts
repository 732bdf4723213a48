import type { SymbolFact } from "../../../contracts/file-facts.ts";
import { languageInfo } from "../../repository/languages/language-info.ts";
import { encodeRecord, type TermTable } from "./blob-record.ts";
import { cutUnits, unitKinds, type LineTraits } from "./cut-units.ts";
import { lexSyntaxOf, lexWords, wordPlace } from "./lex.ts";
import type { Word } from "./words.ts";

export interface RecordInput {
  /** What is read of the content. */
  readonly text: string;
  /** Of the whole content. */
  readonly lines: number;
  /** Linguist name. */
  readonly language: string | null;
  /** In source order, outer before inner. */
  readonly symbols: readonly SymbolFact[];
}

const newline = 10;
const maxIndent = 60_000;
const full = 255;
/** Words of every language that are never defined by a repository. */
const keywords = new Set(
  "abstract and args async await bool boolean break byte case catch char class const continue def default defer delete do double elif else end enum except export extends extern false final finally float for foreach from func function if implements import include int interface internal is lambda let long mut namespace new nil none not null number object of or out override package pass private protected public raise ref require return self static str string struct super switch template this throw throws trait true try type typedef typeof undefined union unsafe unsigned use using val var virtual void when where while with yield None True False impl fn pub crate mod match loop move dyn end elsif unless until begin rescue ensure then echo".split(
    " ",
  ),
);

/** Characters of a text that are read; beyond, files are data, whatever they are called. */
const maxCharacters = 1_000_000;
/** The same for what Linguist calls data: the beginning says what it is. */
const maxDataCharacters = 64_000;

/** What is read of a text. */
export function toRecordInput(
  text: string,
  language: string | null,
  symbols: readonly SymbolFact[],
): RecordInput {
  const isData = language === null || languageInfo(language).type === "data";
  const limit = isData ? maxDataCharacters : maxCharacters;
  const lines = countLines(text);
  // A line that is cut would be a line of its own.
  const read = text.length > limit ? text.slice(0, text.lastIndexOf("\n", limit - 1) + 1 || limit) : text;
  return { text: read, lines, language, symbols };
}

/** Reads one text into the bytes of its record. `readWord` is shared by the blobs of one thread. */
export function buildRecord(
  { text, lines: lineCount, language, symbols }: RecordInput,
  readWord: (word: string) => Word,
): Uint8Array {
  const ink = readInk(text);
  const holds = findDecorators(text, ink);
  const syntax = lexSyntaxOf(language);
  // Which unit a line belongs to depends on what its lines hold, so the words wait.
  const found: {
    readonly word: Word;
    readonly line: number;
    readonly place: number;
    readonly text: string;
  }[] = [];
  lexWords(
    text,
    syntax,
    (start, end, line, place) => {
      holds[line]! |= place === wordPlace.comment ? 2 : 1;
      const raw = text.slice(start, end);
      const word = readWord(raw);
      if (word.terms.length > 0) found.push({ word, line, place, text: raw });
    },
    (line) => void (holds[line]! |= 2),
  );
  const lines: LineTraits = { holds, ink };
  const { units, owners } = cutUnits(symbols, lines);
  const file = new Map<number, number>();
  const unitCounts = units.map(() => new Map<number, number>());
  const mentions = units.map(() => new Set<number>());
  const unitWords = new Uint32Array(units.length);
  let codeWords = 0;
  let commentWords = 0;
  for (const { word, line, place, text: raw } of found) {
    const isComment = place === wordPlace.comment;
    if (isComment) commentWords++;
    else codeWords++;
    const owner = owners[line]!;
    const shift = isComment ? 8 : 0;
    for (const term of word.terms) {
      count(file, term, shift);
      if (owner >= 0) count(unitCounts[owner]!, term, shift);
    }
    if (owner < 0) continue;
    unitWords[owner]!++;
    if (place === wordPlace.code && raw.length > 2 && !isDigit(raw) && !keywords.has(raw))
      mentions[owner]!.add(word.exact);
  }
  const unitNames = new Uint32Array(units.length);
  for (const [index, unit] of units.entries()) {
    if (unit.name === "") continue;
    for (const part of unit.name.match(/[\p{L}\p{N}_]+/gu) ?? []) {
      const word = readWord(part);
      unitNames[index] = word.exact;
      for (const term of word.terms) {
        count(file, term, 16);
        count(unitCounts[index]!, term, 16);
      }
    }
  }
  const sortedMentions = mentions.map((set) => Uint32Array.from(set).sort());
  const tables = unitCounts.map(toTable);
  return encodeRecord({
    lines: lineCount,
    codeWords,
    commentWords,
    terms: toTable(file),
    unitTerms: {
      hashes: joinWords(tables.map((table) => table.hashes)),
      code: joinBytes(tables.map((table) => table.code)),
      comment: joinBytes(tables.map((table) => table.comment)),
      name: joinBytes(tables.map((table) => table.name)),
    },
    unitTermStarts: toStarts(tables.map((table) => table.hashes.length)),
    unitWords,
    unitKinds: Uint8Array.from(units, (unit) => unitKinds.indexOf(unit.kind)),
    unitStarts: Uint32Array.from(units, (unit) => unit.startLine),
    unitLines: Uint32Array.from(units, (unit) => unit.line),
    unitEnds: Uint32Array.from(units, (unit) => unit.endLine),
    unitParents: Int32Array.from(units, (unit) => unit.parent),
    unitNames,
    mentions: joinWords(sortedMentions),
    mentionStarts: toStarts(sortedMentions.map((column) => column.length)),
    names: units.map((unit) => unit.name.replaceAll("\n", " ")),
  });
}

/** Lines as Git and editors count them: what follows the last newline is one where it is not empty. */
function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines++;
  return text === "" || text.endsWith("\n") ? lines : lines + 1;
}

/** By line from 1: 0 for blank, else 1 + indentation. */
function readInk(text: string): Uint16Array {
  const ink = new Uint16Array(countLines(text) + 1);
  let line = 1;
  let indent = 0;
  let isBlank = true;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === newline) {
      line++;
      indent = 0;
      isBlank = true;
    } else if (isBlank) {
      if (code === 32 || code === 9 || code === 13) indent++;
      else {
        isBlank = false;
        ink[line] = Math.min(maxIndent, indent + 1);
        // The rest of the line says nothing more.
        const end = text.indexOf("\n", at);
        if (end === -1) break;
        at = end - 1;
      }
    }
  }
  return ink;
}

/** `@route("/")`, `#[test]`: they say what the definition below is, and are no part of it for most grammars. */
const decorator = /^[^\S\n]*(?:@[A-Za-z][\w.]*(?![\w.]|[^\S\n]*=)|#!?\[)/gm;

function findDecorators(text: string, ink: Uint16Array): Uint8Array {
  const holds = new Uint8Array(ink.length);
  let line = 1;
  let at = 0;
  for (const { index } of text.matchAll(decorator)) {
    for (let next = text.indexOf("\n", at); next !== -1 && next < index; next = text.indexOf("\n", at)) {
      line++;
      at = next + 1;
    }
    holds[line] = 4;
  }
  return holds;
}

function count(table: Map<number, number>, term: number, shift: number): void {
  const packed = table.get(term) ?? 0;
  if (((packed >>> shift) & full) < full) table.set(term, packed + (1 << shift));
}

function toTable(counts: ReadonlyMap<number, number>): TermTable {
  const hashes = Uint32Array.from(counts.keys()).sort();
  const code = new Uint8Array(hashes.length);
  const comment = new Uint8Array(hashes.length);
  const name = new Uint8Array(hashes.length);
  for (let at = 0; at < hashes.length; at++) {
    const packed = counts.get(hashes[at]!)!;
    code[at] = packed & full;
    comment[at] = (packed >>> 8) & full;
    name[at] = (packed >>> 16) & full;
  }
  return { hashes, code, comment, name };
}

function toStarts(lengths: readonly number[]): Uint32Array {
  const starts = new Uint32Array(lengths.length + 1);
  for (const [at, length] of lengths.entries()) starts[at + 1] = starts[at]! + length;
  return starts;
}

function joinWords(columns: readonly Uint32Array[]): Uint32Array {
  const joined = new Uint32Array(columns.reduce((sum, column) => sum + column.length, 0));
  let at = 0;
  for (const column of columns) {
    joined.set(column, at);
    at += column.length;
  }
  return joined;
}

function joinBytes(columns: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(columns));
}

function isDigit(text: string): boolean {
  const code = text.charCodeAt(0);
  return code >= 48 && code <= 57;
}
