import type { Git } from "../../../contracts/git.ts";
import type { UnitKind } from "../records/cut-units.ts";
import { unitKindOf } from "../records/blob-record.ts";
import { splitWord } from "../records/words.ts";
import type { OpenedIndex } from "../search/open-index.ts";
import { splitLines } from "../search/read-lines.ts";
import { fullName } from "../search/unit-at.ts";
import { readBlobs } from "../../repository/tree.ts";
import { type Candidate, collectCandidates } from "./context-candidates.ts";
import { countTokens, type Excerpt, excerptsOf, signatureOf, type UnitLines } from "./excerpt.ts";

/** Lines of the snapshot that a task needs. */
export interface ContextPiece extends Excerpt {
  readonly path: string;
  readonly symbol: string | null;
  readonly kind: UnitKind;
  /** Why it is here. */
  readonly reason: string;
  readonly tokens: number;
}

export interface Context {
  /** In the order of the files' worth, within a file by line; no line twice. */
  readonly pieces: readonly ContextPiece[];
  readonly tokens: number;
}

export interface ContextRequest {
  /** What is to be done or answered. */
  readonly text: string;
  /** Most tokens of all pieces together, by a cautious estimate. */
  readonly budgetTokens: number;
  readonly signal: AbortSignal;
}

/** Part of the budget for only the heads of what else may matter, one for each file. */
const headShare = 0.3;
const mostHeadTokens = 2_400;
const maxCandidates = 800;
/** Each further piece of one file counts for less, so that one file does not fill everything. */
const furtherPiece = 0.92;
/** Lines up to which a unit is always shown whole, and the part of the budget up to which a longer one is. */
const fewestWhole = 60;
const mostOfOne = 0.3;
const tokensOfLine = 12;
const headFiles = 60;

/** Gathers what a task needs to see of a snapshot under a token budget. */
export async function gatherContext(
  opened: OpenedIndex,
  request: ContextRequest,
  git: Git,
): Promise<Context> {
  const { index, snapshot } = opened;
  const { units, ranked, query } = await collectCandidates(
    opened,
    request.text,
    request.budgetTokens,
    git,
    request.signal,
  );
  const candidates = spread(units);
  const heads = headCandidates();
  const wanted = new Set(
    [...candidates.slice(0, maxCandidates), ...heads].map(({ file }) => index.files[file]!.oid),
  );
  const lines = new Map<string, readonly string[]>();
  await readBlobs(snapshot.repository.gitDir, [...wanted], git, request.signal, (oid, bytes) => {
    lines.set(oid, splitLines(bytes));
  });
  const weights = new Map(query.terms.map((term, at) => [term.text, (ranked.idf[at] ?? 0) * term.weight]));
  const taken = new Map<number, Uint8Array>();
  const pieces: (ContextPiece & { readonly file: number })[] = [];
  let tokens = 0;
  // A piece that takes a third of all room pushes out what else may matter. Of a class the methods are pieces by themselves.
  const wholeLines = Math.max(fewestWhole, (request.budgetTokens * mostOfOne) / tokensOfLine);
  const cutPieces = (text: readonly string[], place: UnitLines, kind: UnitKind) =>
    excerptsOf(text, place, kind === "class" || kind === "type" ? fewestWhole : wholeLines, weightOf);
  fill(
    candidates,
    request.budgetTokens - Math.min(request.budgetTokens * headShare, mostHeadTokens),
    cutPieces,
  );
  fill(heads, request.budgetTokens, (text, place) => {
    const { startLine, endLine } = signatureOf(text, place.line, place.endLine);
    return [[startLine, endLine]];
  });
  fill(candidates, request.budgetTokens, cutPieces);
  const order = new Map<number, number>();
  for (const { file } of pieces) if (!order.has(file)) order.set(file, order.size);
  return {
    pieces: pieces
      .toSorted((a, b) => order.get(a.file)! - order.get(b.file)! || a.startLine - b.startLine)
      .map(({ path, startLine, endLine, text, symbol, kind, reason, tokens: cost }) => ({
        path,
        startLine,
        endLine,
        text,
        symbol,
        kind,
        reason,
        tokens: cost,
      })),
    tokens,
  };

  function fill(
    from: readonly Candidate[],
    limit: number,
    cut: (
      text: readonly string[],
      place: UnitLines,
      kind: UnitKind,
    ) => readonly (readonly [startLine: number, endLine: number])[],
  ): void {
    for (const { file, unit, reason } of from) {
      const { path, oid, record } = index.files[file]!;
      const text = lines.get(oid);
      if (text === undefined || record === null) continue;
      const place = {
        startLine: record.unitStarts[unit]!,
        line: record.unitLines[unit]!,
        endLine: record.unitEnds[unit]!,
      };
      const kind = unitKindOf(record, unit);
      const shown = taken.get(file) ?? new Uint8Array(text.length + 2);
      taken.set(file, shown);
      for (const [first, last] of cut(text, place, kind))
        for (const [startLine, endLine] of unshown(shown, text, first, last)) {
          const excerpt = text.slice(startLine - 1, endLine).join("\n");
          const cost = countTokens(excerpt) + countTokens(path);
          if (tokens + cost > limit) continue;
          tokens += cost;
          shown.fill(1, startLine, endLine + 1);
          const symbol = fullName(record, unit) || null;
          pieces.push({ file, path, startLine, endLine, text: excerpt, symbol, kind, reason, tokens: cost });
        }
    }
  }

  /** One head for each of the best files, whether or not a piece of it fitted. */
  function headCandidates(): Candidate[] {
    const heads: Candidate[] = [];
    const bestOf = new Map<number, Candidate>();
    for (const unit of units) if (!bestOf.has(unit.file)) bestOf.set(unit.file, unit);
    for (const file of ranked.order.slice(0, headFiles)) {
      const record = index.files[file]!.record;
      if (record === null || record.unitKinds.length === 0) continue;
      heads.push(bestOf.get(file) ?? { file, unit: 0, score: 0, reason: "may be concerned" });
    }
    return heads;
  }

  function weightOf(line: string): number {
    let sum = 0;
    for (const word of line.match(/[\p{L}\p{N}_]+/gu) ?? [])
      for (const term of splitWord(word)) sum += weights.get(term) ?? 0;
    return sum;
  }
}

/** The parts of a range that were not shown yet, without blank lines at their edges. */
function unshown(
  shown: Uint8Array,
  text: readonly string[],
  first: number,
  last: number,
): [startLine: number, endLine: number][] {
  const isOpen = (line: number): boolean => shown[line] === 0;
  const hasInk = (line: number): boolean => /\S/.test(text[line - 1] ?? "");
  const ranges: [number, number][] = [];
  for (let line = first; line <= Math.min(last, text.length); line++) {
    if (!isOpen(line) || !hasInk(line)) continue;
    let end = line;
    while (end < Math.min(last, text.length) && isOpen(end + 1)) end++;
    const next = end;
    while (!hasInk(end)) end--;
    ranges.push([line, end]);
    line = next;
  }
  return ranges;
}

/** Candidates in an order that lets other files have their turn. */
function spread(units: readonly Candidate[]): Candidate[] {
  const seen = new Map<number, number>();
  return units
    .map((unit) => {
      const before = seen.get(unit.file) ?? 0;
      seen.set(unit.file, before + 1);
      return { ...unit, score: unit.score * furtherPiece ** before };
    })
    .sort((a, b) => b.score - a.score);
}
