import type { OpenedIndex } from "../search/open-index.ts";
import type { Query } from "../search/query.ts";
import type { SearchIndex } from "../search/search-index.ts";
import { type FunctionKey, placeOf } from "./functions.ts";

/** Lines of a file that are shown, both included. */
export interface ShownPiece {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
}

/** What would be shown to a model that may read so many tokens. */
export type ChooseContext = (
  opened: OpenedIndex,
  query: Query,
  tokens: number,
  signal: AbortSignal,
) => Promise<readonly ShownPiece[]>;

export const contextTokens = [2_000, 8_000, 32_000] as const;

/** What the pieces are worth for one case. */
export interface ContextMetrics {
  /** Share of the changed files of which any piece is shown. */
  readonly files: number;
  readonly shownLines: number;
  /** Of those shown, and of all, the lines of functions that the commit changed. */
  readonly correctLines: number;
  readonly wantedLines: number;
}

export function measureContext(
  index: SearchIndex,
  pieces: readonly ShownPiece[],
  relevant: ReadonlySet<number>,
  functions: ReadonlySet<FunctionKey>,
): ContextMetrics {
  const shown = new Map<string, Set<number>>();
  let shownLines = 0;
  for (const { path, startLine, endLine } of pieces) {
    let lines = shown.get(path);
    if (lines === undefined) shown.set(path, (lines = new Set()));
    const before = lines.size;
    for (let line = startLine; line <= endLine; line++) lines.add(line);
    shownLines += lines.size - before;
  }
  const wanted = new Map<string, Set<number>>();
  for (const key of functions) {
    const { file, unit } = placeOf(key);
    const { path, record } = index.files[file]!;
    let lines = wanted.get(path);
    if (lines === undefined) wanted.set(path, (lines = new Set()));
    for (let line = record!.unitStarts[unit]!; line <= record!.unitEnds[unit]!; line++) lines.add(line);
  }
  let wantedLines = 0;
  let correctLines = 0;
  for (const [path, lines] of wanted) {
    wantedLines += lines.size;
    for (const line of lines) if (shown.get(path)?.has(line)) correctLines++;
  }
  const held = [...relevant].filter((file) => shown.has(index.files[file]!.path)).length;
  return { files: relevant.size === 0 ? 0 : held / relevant.size, shownLines, correctLines, wantedLines };
}
