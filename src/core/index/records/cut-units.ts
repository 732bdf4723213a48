import type { SymbolFact, SymbolKind } from "../../../contracts/file-facts.ts";

export const unitKinds = ["chunk", "function", "method", "class", "type"] as const;
export type UnitKind = "chunk" | SymbolKind;

/** A piece of a file that search can find by itself: a definition, or a run of lines outside of any. */
export interface Unit {
  readonly kind: UnitKind;
  /** Empty for a chunk. */
  readonly name: string;
  /** First line with the comments that stand directly above, from 1. */
  readonly startLine: number;
  /** Line of the definition itself. */
  readonly line: number;
  readonly endLine: number;
  /** Index of the definition around it, or -1. */
  readonly parent: number;
}

/** What each line of a text holds. */
export interface LineTraits {
  /** Sum of 1 for words of code or strings, 2 for comments, 4 for a decorator; index 0 is unused. */
  readonly holds: Uint8Array;
  /** 0 for a blank line, else 1 + its indentation in characters. */
  readonly ink: Uint16Array;
}

/** Lines of a chunk that is not split any further. */
const chunkLines = 50;
/** Lines of comments above a definition that belong to it; what is longer is no comment on it. */
const maxCommentLines = 50;
/** Symbols of one file; what has more is data. */
const maxSymbols = 20_000;

/**
 * Cuts a file into units so that each line belongs to the innermost definition around it or to a chunk.
 * Resolves `owners[line]` to the unit's index, -1 for blank lines outside of all.
 */
export function cutUnits(
  symbols: readonly SymbolFact[],
  lines: LineTraits,
): { readonly units: readonly Unit[]; readonly owners: Int32Array } {
  const count = lines.ink.length - 1;
  const owners = new Int32Array(count + 1).fill(-1);
  const units: Unit[] = [];
  const open: number[] = [];
  for (const symbol of symbols.slice(0, maxSymbols)) {
    // Of a long text only the beginning is read.
    if (symbol.line > count) continue;
    const endLine = Math.max(symbol.line, Math.min(symbol.endLine, count));
    while (open.length > 0 && !isAround(units[open.at(-1)!]!, symbol, endLine)) open.pop();
    const parent = open.at(-1) ?? -1;
    const floor = parent < 0 ? 0 : units[parent]!.line;
    const index = units.length;
    const startLine = commentStart(lines, symbol.line, floor, owners, parent);
    units.push({ kind: symbol.kind, name: symbol.name, startLine, line: symbol.line, endLine, parent });
    owners.fill(index, startLine, endLine + 1);
    open.push(index);
  }
  for (let line = 1; line <= count; line++) {
    if (owners[line] !== -1 || lines.ink[line] === 0) continue;
    let end = line;
    while (end < count && owners[end + 1] === -1) end++;
    for (const [start, last] of cutChunks(lines, line, end)) {
      owners.fill(units.length, start, last + 1);
      units.push({ kind: "chunk", name: "", startLine: start, line: start, endLine: last, parent: -1 });
    }
    line = end;
  }
  return { units, owners };
}

/** What shares its only line with another is inside of it where that is a class and this is no class. */
function isAround(outer: Unit, inner: SymbolFact, endLine: number): boolean {
  if (outer.endLine < endLine || outer.line > inner.line) return false;
  if (outer.line < inner.line || outer.endLine > endLine) return true;
  return (
    (outer.kind === "class" || outer.kind === "type") &&
    (inner.kind === "method" || inner.kind === "function")
  );
}

/** Where the comments and decorators directly above a definition begin. */
function commentStart(
  lines: LineTraits,
  line: number,
  floor: number,
  owners: Int32Array,
  parent: number,
): number {
  let start = line;
  while (
    start - 1 > floor &&
    line - start < maxCommentLines &&
    (lines.holds[start - 1] === 2 || lines.holds[start - 1]! >= 4) &&
    owners[start - 1] === parent
  )
    start--;
  return start;
}

/** Split at blank lines, then merged while it fits. */
function cutChunks(lines: LineTraits, from: number, to: number): (readonly [number, number])[] {
  const chunks: [number, number][] = [];
  let line = from;
  while (line <= to) {
    if (lines.ink[line] === 0) {
      line++;
      continue;
    }
    let end = line;
    while (end < to && lines.ink[end + 1] !== 0 && end - line + 1 < chunkLines) end++;
    const last = chunks.at(-1);
    if (last !== undefined && end - last[0] < chunkLines) last[1] = end;
    else chunks.push([line, end]);
    line = end + 1;
  }
  return chunks;
}
