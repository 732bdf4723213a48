import { bisect } from "../search/bisect.ts";
import type { Query, QueryTerm } from "../search/query.ts";
import type { RankedFiles } from "../search/rank-files.ts";
import type { SearchIndex } from "../search/search-index.ts";
import { inverse } from "../search/text-signals.ts";

const k1 = 1.2;
const b = 0.75;
/** What comes first in a search that nobody tuned. */
const fusionWeights = { messages: 0.7, churn: 0.15, test: 0.3 };

/** Rankings of files to be better than, each of the same index and query. */
export const baselines = {
  grep: "how many of the query's words the file contains",
  bm25: "BM25 over code and comments, words split at capitals and underscores and stemmed; no paths, names or history",
  messages: "BM25 over the messages of the file's older commits",
  churn: "how often the file was changed, whatever is asked",
  fusion: "BM25 with paths and names + 0.7 × messages + 0.15 × churn, tests × 0.3",
} as const;
export type BaselineName = keyof typeof baselines;

/** `ranked` is of the same query; it has what history says already. */
export function rankBaselines(
  index: SearchIndex,
  query: Query,
  ranked: RankedFiles,
): Readonly<Record<BaselineName, readonly number[]>> {
  const { grep, bm25 } = scoreWords(index, query);
  const { body, messages, churn } = ranked.signals;
  const fusion = body.map(
    (score, file) =>
      (score + fusionWeights.messages * messages[file]! + fusionWeights.churn * churn[file]!) *
      (index.files[file]!.traits.test && !query.wants.tests ? fusionWeights.test : 1),
  );
  return {
    grep: orderFiles(index, grep),
    bm25: orderFiles(index, bm25),
    messages: orderFiles(index, messages),
    churn: orderFiles(index, churn),
    fusion: orderFiles(index, fusion),
  };
}

function scoreWords(index: SearchIndex, query: Query): { grep: Float32Array; bm25: Float32Array } {
  const { files, averages } = index;
  const terms = plainTerms(query);
  const counts = new Uint16Array(files.length * terms.length);
  const documents = new Uint32Array(terms.length);
  const grep = new Float32Array(files.length);
  for (const [file, { record }] of files.entries()) {
    if (record === null) continue;
    const { hashes, code, comment } = record.terms;
    for (const [term, { hash }] of terms.entries()) {
      const at = bisect(hashes, hash);
      const times = at < 0 ? 0 : code[at]! + comment[at]!;
      if (times === 0) continue;
      counts[file * terms.length + term] = times;
      documents[term]!++;
      grep[file]!++;
    }
  }
  const idf = inverse(documents, files.length);
  const average = averages.code + averages.comment;
  const bm25 = files.map(({ record }, file) => {
    if (record === null) return 0;
    const norm = k1 * (1 - b + (b * (record.codeWords + record.commentWords)) / average);
    let score = 0;
    for (let term = 0; term < terms.length; term++) {
      const times = counts[file * terms.length + term]!;
      if (times > 0) score += (terms[term]!.weight * idf[term]! * times * (k1 + 1)) / (times + norm);
    }
    return score;
  });
  return { grep, bm25: Float32Array.from(bm25) };
}

/** The words of a query, without what may be meant by them. */
export function plainTerms({ terms }: Query): readonly QueryTerm[] {
  return terms.filter(({ concept }, at) => concept === at);
}

/** Files that have a score, best first; equal ones by path. */
function orderFiles(index: SearchIndex, scores: Float32Array): readonly number[] {
  const order: number[] = [];
  for (let file = 0; file < scores.length; file++) if (scores[file]! > 0) order.push(file);
  return order.sort(
    (a, c) => scores[c]! - scores[a]! || (index.files[a]!.path < index.files[c]!.path ? -1 : 1),
  );
}
