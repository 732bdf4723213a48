import type { Git } from "../../../contracts/git.ts";
import { gatherContext } from "../context/gather-context.ts";
import type { References } from "../search/references.ts";
import type { OpenedIndex } from "../search/open-index.ts";
import type { Query } from "../search/query.ts";
import { rankFiles } from "../search/rank-files.ts";
import { type RankedUnit, rankUnits } from "../search/rank-units.ts";
import type { SearchIndex } from "../search/search-index.ts";
import { profileOf } from "../search/weights.ts";
import type { ChooseContext, ShownPiece } from "./context-cases.ts";

export const contextMethods = {
  ours: "what `context` gathers",
  byRank: "whole functions, classes and passages by rank, as far as they fit",
} as const;
export type ContextMethod = keyof typeof contextMethods;

export function createContextMethods(git: Git): Readonly<Record<ContextMethod, ChooseContext>> {
  return { ours: createGathering(git), byRank: createRanking() };
}

function createGathering(git: Git): ChooseContext {
  // The budgets of one case are asked for one after the other.
  let last: { readonly index: SearchIndex; readonly references: References } | null = null;
  return async (opened, query, budgetTokens, signal) => {
    const { index } = opened;
    if (last?.index !== index) last = { index, references: index.references() };
    const request = { text: query.text, budgetTokens, signal };
    return (await gatherContext(opened, request, git, last.references)).pieces;
  };
}

const charactersPerLine = 40;
const charactersPerToken = 4;

/** The simplest way, to be better than. */
function createRanking(): ChooseContext {
  let last: { readonly query: Query; readonly units: readonly RankedUnit[] } | null = null;
  return async (opened, query, tokens) => {
    if (last?.query !== query) last = { query, units: rank(opened, query) };
    let left = Math.floor((tokens * charactersPerToken) / charactersPerLine);
    const pieces: ShownPiece[] = [];
    for (const { file, unit } of last.units) {
      const { path, record } = opened.index.files[file]!;
      const startLine = record!.unitStarts[unit]!;
      const endLine = record!.unitEnds[unit]!;
      const isHeld = pieces.some(
        (piece) => piece.path === path && piece.startLine <= startLine && piece.endLine >= endLine,
      );
      const lines = endLine - startLine + 1;
      if (isHeld || lines > left) continue;
      pieces.push({ path, startLine, endLine });
      left -= lines;
      if (left === 0) break;
    }
    return pieces;
  };
}

function rank({ index, weights }: OpenedIndex, query: Query): readonly RankedUnit[] {
  const profile = profileOf(query, weights);
  return rankUnits(index, query, rankFiles(index, query, { weights: profile.files }), profile.units);
}
