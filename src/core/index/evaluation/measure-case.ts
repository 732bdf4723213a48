import { isAppError } from "../../../base/errors.ts";
import type { Git } from "../../../contracts/git.ts";
import type { Repository } from "../../../contracts/repository.ts";
import { type LearnCase, toLearnCase } from "../search/learn-weights.ts";
import { parseQuery, type Query } from "../search/query.ts";
import { rankFiles, type RankedFiles } from "../search/rank-files.ts";
import { type RankedUnit, rankUnits } from "../search/rank-units.ts";
import type { DenseScores } from "../search/dense-scores.ts";
import type { SearchIndex } from "../search/search-index.ts";
import { changeWeights, profileOf } from "../search/weights.ts";
import { rankBaselines } from "./baselines.ts";
import { changedFunctions } from "./changed-functions.ts";
import { readChangedLines } from "./changed-lines.ts";
import type { ContextMethod } from "./choose-context.ts";
import type { PreparedCase } from "./commit-cases.ts";
import { type ChooseContext, type ContextMetrics, contextTokens, measureContext } from "./context-cases.ts";
import { type AskDense, rankDenseFiles, rankDenseFunctions } from "./dense-lists.ts";
import type { DenseMethod, FileMethod } from "./evaluation.ts";
import { onlyFunctions, rankFunctionBaselines } from "./functions.ts";
import { measureRanking, type RankMetrics } from "./metrics.ts";
import { hasNameLeak, maskQuery } from "./splits.ts";
import type { WordTable } from "./whole-words.ts";

type DenseMetrics = Readonly<Partial<Record<DenseMethod, RankMetrics>>>;
export type FileMetrics = Readonly<Record<FileMethod, RankMetrics>> & DenseMetrics;

/** What all methods are worth for one commit. */
export interface CaseMeasures {
  readonly hasLeak: boolean;
  readonly all: FileMetrics;
  /** Null when too little of the subject is left. */
  readonly masked: FileMetrics | null;
  readonly functions:
    | (Readonly<Record<"ours" | "terms" | "bm25", RankMetrics>> & DenseMetrics)
    | "none"
    | "unreadable";
  /** For each of `contextTokens`; null when contents are missing. */
  readonly context: Readonly<Record<ContextMethod, readonly ContextMetrics[] | null>>;
  readonly learnCases: readonly LearnCase[];
}

/** What is the same for all cases of a run. */
export interface CaseTools {
  readonly repository: Repository;
  readonly git: Git;
  readonly table: WordTable;
  /** Null: without vectors. */
  readonly dense: AskDense | null;
  readonly contextMethods: Readonly<Record<ContextMethod, ChooseContext>>;
  readonly signal: AbortSignal;
}

/** A masked question teaches half as much as a whole one. */
const maskedWeight = 0.5;

export async function measureCase(
  { case: one, index, relevant }: PreparedCase,
  { repository, git, table, dense, contextMethods, signal }: CaseTools,
): Promise<CaseMeasures> {
  const query = parseQuery(one.subject);
  const ranked = rankFiles(index, query, { weights: profileOf(query, changeWeights).files });
  const learnCases: LearnCase[] = [];
  // Questions have weights of their own, which are not learnt.
  if (!query.isQuestion) learnCases.push(toLearnCase(ranked, relevant));
  const maskedText = maskQuery(one.subject, one.paths);
  let masked: FileMetrics | null = null;
  if (maskedText !== null) {
    const maskedQuery = parseQuery(maskedText);
    const { files } = profileOf(maskedQuery, changeWeights);
    const maskedRanked = rankFiles(index, maskedQuery, { weights: files });
    masked = {
      ...measureFiles(index, maskedQuery, maskedRanked, relevant, table),
      ...(await measureDense(maskedQuery, maskedText)).files,
    };
    if (!maskedQuery.isQuestion) learnCases.push(toLearnCase(maskedRanked, relevant, maskedWeight));
  }
  const fused = await measureDense(query, one.subject);
  const lines = await readChangedLines(repository.gitDir, one.parent, one.commit, git, signal);
  const wanted = lines === null ? new Set<number>() : changedFunctions(index, lines);
  const functionBaselines = rankFunctionBaselines(index, query, table, true);
  return {
    hasLeak: hasNameLeak(one.subject, one.paths),
    all: { ...measureFiles(index, query, ranked, relevant, table), ...fused.files },
    masked,
    functions:
      lines === null
        ? "unreadable"
        : wanted.size === 0
          ? "none"
          : {
              ours: measureRanking(onlyFunctions(index, rankPlaces(index, query)), wanted),
              terms: measureRanking(functionBaselines.terms, wanted),
              bm25: measureRanking(functionBaselines.bm25, wanted),
              ...(fused.scores === null
                ? {}
                : {
                    dense: measureRanking(rankDenseFunctions(index, fused.scores), wanted),
                    fused: measureRanking(
                      onlyFunctions(index, rankPlaces(index, query, fused.scores)),
                      wanted,
                    ),
                  }),
            },
    context: {
      ours: await measureContexts(contextMethods.ours),
      byRank: await measureContexts(contextMethods.byRank),
    },
    learnCases,
  };

  async function measureDense(
    asked: Query,
    text: string,
  ): Promise<{ readonly scores: DenseScores | null; readonly files: DenseMetrics }> {
    const scores = (await dense?.(index, text)) ?? null;
    if (scores === null) return { scores, files: {} };
    const both = rankFiles(index, asked, { weights: profileOf(asked, changeWeights).files, dense: scores });
    return {
      scores,
      files: {
        dense: measureRanking(rankDenseFiles(index, scores), relevant),
        fused: measureRanking(both.order, relevant),
      },
    };
  }

  async function measureContexts(choose: ChooseContext): Promise<readonly ContextMetrics[] | null> {
    const snapshot = { repository, commit: one.parent };
    const opened = { snapshot, index, weights: changeWeights, mayLearn: false, missing: 0, warnings: [] };
    const measured: ContextMetrics[] = [];
    try {
      for (const tokens of contextTokens)
        measured.push(measureContext(index, await choose(opened, query, tokens, signal), relevant, wanted));
      return measured;
    } catch (error) {
      if (isAppError(error, "git-failed", "repository-damaged")) return null;
      throw error;
    }
  }
}

function measureFiles(
  index: SearchIndex,
  query: Query,
  ranked: RankedFiles,
  relevant: ReadonlySet<number>,
  table: WordTable,
): FileMetrics {
  const others = rankBaselines(index, query, ranked, table);
  return {
    ours: measureRanking(ranked.order, relevant),
    fusion: measureRanking(others.fusion, relevant),
    terms: measureRanking(others.terms, relevant),
    bm25: measureRanking(others.bm25, relevant),
    messages: measureRanking(others.messages, relevant),
    grep: measureRanking(others.grep, relevant),
    churn: measureRanking(others.churn, relevant),
  };
}

/** As a search for places ranks them, whose files are weighed otherwise than files that are to be changed. */
function rankPlaces(index: SearchIndex, query: Query, dense: DenseScores | null = null): RankedUnit[] {
  const profile = profileOf(query, changeWeights, "places");
  return rankUnits(index, query, rankFiles(index, query, { weights: profile.files, dense }), profile.units);
}
