import type { Git } from "../../../contracts/git.ts";
import { readBlobs } from "../../repository/tree.ts";
import { countTokens } from "../context/excerpt.ts";
import { gatherContext } from "../context/gather-context.ts";
import type { OpenedIndex } from "../search/open-index.ts";
import type { Query } from "../search/query.ts";
import { rankFiles } from "../search/rank-files.ts";
import { type RankedUnit, rankUnits } from "../search/rank-units.ts";
import { profileOf } from "../search/weights.ts";
import type { ChooseContext, ShownPiece } from "./context-cases.ts";

export const contextMethods = {
  ours: "what `context` gathers",
  byRank: "whole functions, classes and passages by rank, as far as they fit",
} as const;
export type ContextMethod = keyof typeof contextMethods;

export function createContextMethods(git: Git): Readonly<Record<ContextMethod, ChooseContext>> {
  return { ours: createGathering(git), byRank: createRanking(git) };
}

function createGathering(git: Git): ChooseContext {
  return async (opened, query, budgetTokens, signal) =>
    (await gatherContext(opened, { text: query.text, budgetTokens, signal }, git)).pieces;
}

/** Units that are tried; a large budget holds about so many. */
const mostUnits = 600;

interface RankedTexts {
  readonly query: Query;
  readonly units: readonly RankedUnit[];
  readonly lines: ReadonlyMap<string, readonly string[]>;
}

/** The simplest way, to be better than, at the same price: each piece costs its text and its path. */
function createRanking(git: Git): ChooseContext {
  let last: RankedTexts | null = null;
  return async (opened, query, tokens, signal) => {
    if (last?.query !== query) last = await readRanked(opened, query, git, signal);
    let left = tokens;
    const pieces: ShownPiece[] = [];
    for (const { file, unit } of last.units) {
      const { path, oid, record } = opened.index.files[file]!;
      const startLine = record!.unitStarts[unit]!;
      const endLine = record!.unitEnds[unit]!;
      const isHeld = pieces.some(
        (piece) => piece.path === path && piece.startLine <= startLine && piece.endLine >= endLine,
      );
      const text = last.lines
        .get(oid)
        ?.slice(startLine - 1, endLine)
        .join("\n");
      if (isHeld || text === undefined) continue;
      const cost = countTokens(text) + countTokens(path);
      if (cost > left) continue;
      pieces.push({ path, startLine, endLine });
      left -= cost;
    }
    return pieces;
  };
}

async function readRanked(
  opened: OpenedIndex,
  query: Query,
  git: Git,
  signal: AbortSignal,
): Promise<RankedTexts> {
  const units = rank(opened, query).slice(0, mostUnits);
  const oids = new Set(units.map(({ file }) => opened.index.files[file]!.oid));
  const lines = new Map<string, readonly string[]>();
  await readBlobs(opened.snapshot.repository.gitDir, [...oids], git, signal, (oid, bytes) => {
    lines.set(oid, bytes.toString("utf8").split("\n"));
  });
  return { query, units, lines };
}

function rank({ index, weights }: OpenedIndex, query: Query): readonly RankedUnit[] {
  const profile = profileOf(query, weights);
  return rankUnits(index, query, rankFiles(index, query, { weights: profile.files }), profile.units);
}
