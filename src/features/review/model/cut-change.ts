import type { Hunk } from "../../../contracts/diff.ts";
import type { ReviewedChange, ReviewedFile, ReviewedSymbol } from "../../../contracts/review-rule.ts";
import type { ChangeUnit } from "./change-unit.ts";
import { cutLines } from "./cut-lines.ts";
import { costOfLine, type ShownLine, showLines } from "./shown-lines.ts";
import { showLine, showPath } from "./shown-text.ts";

/** A function around a hunk is shown up to this size. */
const enclosingLines = 60;
const enclosingTokens = 600;
/** Files are searched for such functions up to this size, and so many of them. */
const symbolLetters = 400_000;
const symbolFiles = 40;
const nameTokens = 60;
const headingTokens = 40;
/** For fences, and what stands above them. */
const frameTokens = 30;
const mostLineTokens = 200;
/** Of the room for one unit. */
const lineShare = 0.2;

export interface CutOptions {
  /** Tokens that one unit may take at most, with its frame. */
  readonly roomTokens: number;
  /** Whether there is room for more than the diff itself. */
  readonly showsEnclosing: boolean;
  /** Tokens of all units together, after which the rest is left out. */
  readonly totalTokens: number;
  readonly secrets: readonly string[];
  readonly signal: AbortSignal;
}

export interface CutChange {
  readonly units: readonly ChangeUnit[];
  /** Paths of files that were left out, in whole or in part. */
  readonly unread: readonly string[];
}

/** Cuts what was added into places that each fit into a question. */
export async function cutChange(
  change: ReviewedChange,
  files: readonly ReviewedFile[],
  options: CutOptions,
): Promise<CutChange> {
  const units: ChangeUnit[] = [];
  const unread: string[] = [];
  let leftThirds = options.totalTokens * 3;
  let searched = 0;
  for (const file of files) {
    options.signal.throwIfAborted();
    if (leftThirds <= 0) {
      unread.push(file.path);
      continue;
    }
    const text = options.showsEnclosing && file.isWhole ? file.text : null;
    const isSearched = text !== null && text.length <= symbolLetters && ++searched <= symbolFiles;
    const symbols = isSearched ? ((await change.references?.symbols(file.path, text)) ?? []) : [];
    const own = cutFile(file, symbols, options);
    for (const unit of own) {
      if (leftThirds <= 0) {
        unread.push(file.path);
        break;
      }
      leftThirds -= unit.lines.reduce((sum, line) => sum + costOfLine(line), frameTokens * 3);
      units.push(unit);
    }
  }
  return { units, unread };
}

function* cutFile(
  file: ReviewedFile,
  symbols: readonly ReviewedSymbol[],
  { roomTokens, secrets }: CutOptions,
): Generator<ChangeUnit> {
  const lineTokens = Math.max(8, Math.min(mostLineTokens, Math.floor(roomTokens * lineShare)));
  const name = showPath(file.path, Math.min(nameTokens, Math.floor(roomTokens / 5)), secrets);
  const facts = `${file.diff.status}${file.language === null ? "" : `, ${file.language}`}`;
  const { hunks } = file.diff;
  let shownTo = 0;
  for (const [at, hunk] of hunks.entries()) {
    if (!hunk.lines.some(({ kind }) => kind === "added")) continue;
    const heading = showLine(hunk.heading, Math.min(headingTokens, Math.floor(roomTokens / 8)), secrets);
    const inside = showLines(hunk.lines, { lineTokens, secrets });
    const nextStart = hunks[at + 1]?.newStart ?? Infinity;
    const { before, after } = enclose(file, symbols, hunk, { from: shownTo + 1, to: nextStart - 1 });
    const around = (lines: readonly NumberedLine[]): readonly ShownLine[] =>
      showLines(
        lines.map(({ line, text }) => ({ kind: "context", text, newLine: line })),
        { lineTokens, secrets },
      );
    const more = [around(before), around(after)] as const;
    const isFitting = more.flat().reduce((sum, line) => sum + costOfLine(line), 0) <= enclosingTokens * 3;
    const lines = isFitting ? [...more[0], ...inside, ...more[1]] : inside;
    shownTo = lines.findLast(({ line }) => line !== null)?.line ?? shownTo;
    // The fence of a line with many backticks is longer than they are, twice.
    const longest = lines.reduce((most, { text }) => Math.max(most, longestRun(text)), 0);
    const most = (roomTokens - frameTokens) * 3 - name.length * 3 - heading.length * 3 - 2 * longest;
    for (const part of cutLines(lines, Math.max(most, 1)))
      if (part.some(({ mark }) => mark === "+"))
        yield { path: file.path, name, facts, heading, lines: part, definitions: [] };
  }
}

interface NumberedLine {
  readonly line: number;
  readonly text: string;
}

/** Lines of a short function around a hunk that the hunk does not show, within the borders of its neighbours. */
function enclose(
  file: ReviewedFile,
  symbols: readonly ReviewedSymbol[],
  hunk: Hunk,
  borders: { readonly from: number; readonly to: number },
): { readonly before: readonly NumberedLine[]; readonly after: readonly NumberedLine[] } {
  const none = { before: [], after: [] };
  if (symbols.length === 0) return none;
  const added = hunk.lines.flatMap(({ kind, newLine }) => (kind === "added" ? [newLine!] : []));
  const [first, last] = [added[0]!, added.at(-1)!];
  const around = symbols
    .filter(
      ({ kind, line, endLine }) =>
        (kind === "function" || kind === "method") &&
        line <= first &&
        endLine >= last &&
        endLine - line < enclosingLines,
    )
    .toSorted((a, b) => a.endLine - a.line - (b.endLine - b.line))[0];
  if (around === undefined) return none;
  const range = (from: number, to: number): readonly NumberedLine[] =>
    Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => ({
      line: from + at,
      text: file.lines[from + at - 1] ?? "",
    }));
  return {
    before: range(Math.max(around.line, borders.from), hunk.newStart - 1),
    after: range(hunk.newStart + hunk.newLines, Math.min(around.endLine, borders.to, file.lines.length)),
  };
}

function longestRun(text: string): number {
  return text.includes("```")
    ? (text.match(/`{3,}/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0)
    : 0;
}
