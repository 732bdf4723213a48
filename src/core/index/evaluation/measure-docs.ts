import { setImmediate } from "node:timers/promises";
import type { OnProgress, Snapshot } from "../../../contracts/repository.ts";
import type { Services } from "../../../contracts/services.ts";
import { loadSearchIndex } from "../search/load-index.ts";
import { parseQuery } from "../search/query.ts";
import { rankFiles } from "../search/rank-files.ts";
import { rankUnits } from "../search/rank-units.ts";
import type { SearchIndex } from "../search/search-index.ts";
import type { SignalWeights } from "../search/signals.ts";
import { changeWeights } from "../search/weights.ts";
import { readDocCases } from "./doc-cases.ts";
import { onlyFunctions, rankFunctionsByWords } from "./functions.ts";
import { measureRanking, type RankMetrics } from "./metrics.ts";

const mostDocCases = 300;
const withoutHistory: SignalWeights = {
  ...changeWeights,
  messages: 0,
  similar: 0,
  churn: 0,
  recent: 0,
  cochange: 0,
};

export type DocMetrics = Readonly<Record<"ours" | "withoutHistory" | "bm25", RankMetrics>>;

/** Sentences of documentation as questions for their functions, in an index that knows no comments. */
export async function measureDocSentences(
  snapshot: Snapshot,
  services: Services,
  options: { readonly signal: AbortSignal; readonly onProgress: OnProgress },
): Promise<readonly DocMetrics[]> {
  const { index } = await loadSearchIndex(snapshot, services, { ...options, useCache: true });
  const { gitDir } = snapshot.repository;
  const cases = await readDocCases(index, gitDir, services.git, mostDocCases, options.signal);
  const measured: DocMetrics[] = [];
  for (const { key, sentence } of cases) {
    const wanted = new Set([key]);
    const query = parseQuery(sentence);
    measured.push({
      ours: measureRanking(rankWithoutComments(index, sentence, changeWeights), wanted),
      withoutHistory: measureRanking(rankWithoutComments(index, sentence, withoutHistory), wanted),
      bm25: measureRanking(rankFunctionsByWords(index, query, false), wanted),
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
  sentence: string,
  weights: SignalWeights,
): readonly number[] {
  const query = parseQuery(sentence);
  const ranked = rankFiles(index, query, { weights, withComments: false });
  return onlyFunctions(index, rankUnits(index, query, ranked, false));
}
