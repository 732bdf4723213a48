import { bisect } from "../search/bisect.ts";
import type { Query, QueryTerm } from "../search/query.ts";
import type { RankedFiles } from "../search/rank-files.ts";
import type { SearchIndex } from "../search/search-index.ts";
import { type Counted, rankByBm25 } from "./bm25.ts";
import { type WordTable, wholeWords } from "./whole-words.ts";

/** What comes first in a search that nobody tuned. */
const fusionWeights = { messages: 0.7, churn: 0.15, test: 0.3 };

/** Rankings of files to be better than, each of the same index and query. */
export const baselines = {
  fusion: "BM25 with paths and names + 0.7 × past messages + 0.15 × churn, tests × 0.3",
  terms:
    "BM25 over code and comments, words split at capitals and underscores and stemmed; no paths, names or history",
  bm25: "BM25 over code and comments, words as they are written; no paths, names or history",
  messages: "BM25 over the messages of the file's older commits",
  grep: "how many of the query's words stand in the file",
  churn: "how often the file was changed, whatever is asked",
} as const;
export type BaselineName = keyof typeof baselines;

/** `ranked` is of the same query; it has what history says already. */
export function rankBaselines(
  index: SearchIndex,
  query: Query,
  ranked: RankedFiles,
  table: WordTable,
): Readonly<Record<BaselineName, readonly number[]>> {
  const { body, messages, churn } = ranked.signals;
  const fusion = body.map(
    (score, file) =>
      (score + fusionWeights.messages * messages[file]! + fusionWeights.churn * churn[file]!) *
      (index.files[file]!.traits.test && !query.wants.tests ? fusionWeights.test : 1),
  );
  return {
    fusion: orderFiles(index, fusion),
    terms: rankByTerms(index, query),
    ...rankByWords(index, query, table),
    messages: orderFiles(index, messages),
    churn: orderFiles(index, churn),
  };
}

function rankByTerms(index: SearchIndex, query: Query): readonly number[] {
  const terms = plainTerms(query);
  const texts: Counted<number>[] = [];
  let words = 0;
  for (const [file, { record }] of index.files.entries()) {
    if (record === null) continue;
    const { hashes, code, comment } = record.terms;
    const times = terms.map(({ hash }) => {
      const at = bisect(hashes, hash);
      return at < 0 ? 0 : code[at]! + comment[at]!;
    });
    const length = record.codeWords + record.commentWords;
    texts.push({ key: file, times, length });
    words += length;
  }
  return rankByBm25(
    texts,
    terms.map(({ weight }) => weight),
    { texts: texts.length, words },
  );
}

function rankByWords(
  index: SearchIndex,
  query: Query,
  { vocabulary, files }: WordTable,
): Readonly<Record<"bm25" | "grep", readonly number[]>> {
  const words = wholeWords(query.text);
  const slots = new Map(words.map((word, slot) => [vocabulary.get(word), slot]));
  const texts: Counted<number>[] = [];
  const grep = new Float32Array(index.files.length);
  let total = 0;
  for (const [file, indexed] of index.files.entries()) {
    const { record } = indexed;
    const counted = files.get(indexed);
    if (record === null || counted === undefined) continue;
    const times = new Uint32Array(words.length);
    for (let row = 0; row < counted.words.length; row++) {
      const slot = slots.get(counted.words[row]);
      if (slot !== undefined) times[slot]! += counted.code[row]! + counted.comment[row]!;
    }
    for (const count of times) if (count > 0) grep[file]!++;
    const length = record.codeWords + record.commentWords;
    texts.push({ key: file, times, length });
    total += length;
  }
  const bm25 = rankByBm25(
    texts,
    words.map(() => 1),
    { texts: texts.length, words: total },
  );
  return { bm25, grep: orderFiles(index, grep) };
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
    (a, b) => scores[b]! - scores[a]! || (index.files[a]!.path < index.files[b]!.path ? -1 : 1),
  );
}
