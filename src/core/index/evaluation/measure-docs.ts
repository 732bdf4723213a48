import { setImmediate } from "node:timers/promises";
import type { OnProgress, Snapshot } from "../../../contracts/repository.ts";
import type { Services } from "../../../contracts/services.ts";
import { loadSearchIndex } from "../search/load-index.ts";
import { parseQuery, type Query } from "../search/query.ts";
import { rankFiles } from "../search/rank-files.ts";
import { rankUnits } from "../search/rank-units.ts";
import type { SearchIndex } from "../search/search-index.ts";
import type { RankProfile } from "../search/signals.ts";
import { changeWeights, profileOf, questionUnits, questionWeights } from "../search/weights.ts";
import type { DenseScores } from "../search/dense-scores.ts";
import { prepareDense, rankDenseFunctions } from "./dense-lists.ts";
import type { DenseMethod } from "./evaluation.ts";
import { readDocCases } from "./doc-cases.ts";
import { type FunctionKey, onlyFunctions, rankFunctionBaselines } from "./functions.ts";
import { measureRanking, type RankMetrics } from "./metrics.ts";
import { readWordTable } from "./whole-words.ts";

const mostDocCases = 300;
const asQuestion: RankProfile = { files: questionWeights, units: questionUnits };

export type DocMetrics = Readonly<
  Record<"ours" | "asQuestion" | "withoutHistory" | "terms" | "bm25", RankMetrics>
> &
  Readonly<Partial<Record<DenseMethod, RankMetrics>>>;

/** Sentences of documentation as questions for their functions, in an index that knows no comments. */
export async function measureDocSentences(
  snapshot: Snapshot,
  services: Services,
  options: {
    readonly signal: AbortSignal;
    readonly onProgress: OnProgress;
    readonly embeddings: boolean;
  },
): Promise<readonly DocMetrics[]> {
  const { index } = await loadSearchIndex(snapshot, services, { ...options, useCache: true });
  const { gitDir } = snapshot.repository;
  const cases = await readDocCases(index, gitDir, services.git, mostDocCases, options.signal);
  const table = await readWordTable(
    index.files,
    cases.map(({ sentence }) => sentence),
    gitDir,
    services.git,
    options.signal,
  );
  const dense = options.embeddings
    ? await prepareDense(gitDir, index.files, services, { ...options, withComments: false })
    : null;
  const measured: DocMetrics[] = [];
  for (const { key, sentence } of cases) {
    const wanted = new Set([key]);
    const query = parseQuery(sentence);
    const others = rankFunctionBaselines(index, query, table, false);
    const usual = profileOf(query, changeWeights, "places");
    const rank = (profile: RankProfile): RankMetrics =>
      measureRanking(rankWithoutComments(index, query, profile), wanted);
    const scores = (await dense?.(index, sentence)) ?? null;
    measured.push({
      ours: rank(usual),
      asQuestion: rank(asQuestion),
      withoutHistory: rank(leaveOutHistory(usual)),
      terms: measureRanking(others.terms, wanted),
      bm25: measureRanking(others.bm25, wanted),
      ...(scores === null
        ? {}
        : {
            dense: measureRanking(rankDenseFunctions(index, scores), wanted),
            fused: measureRanking(rankWithoutComments(index, query, usual, scores), wanted),
          }),
    });
    options.onProgress({
      stage: "documentation",
      fraction: measured.length / cases.length,
      message: "Asking what documentation says",
    });
    // Lets Ctrl-C in.
    await setImmediate();
    options.signal.throwIfAborted();
  }
  return measured;
}

function rankWithoutComments(
  index: SearchIndex,
  query: Query,
  profile: RankProfile,
  dense: DenseScores | null = null,
): readonly FunctionKey[] {
  const ranked = rankFiles(index, query, { weights: profile.files, withComments: false, dense });
  return onlyFunctions(index, rankUnits(index, query, ranked, profile.units, false));
}

function leaveOutHistory({ files, units }: RankProfile): RankProfile {
  return { files: { ...files, messages: 0, similar: 0, churn: 0, recent: 0, cochange: 0 }, units };
}
