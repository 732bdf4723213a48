import { inverse } from "../search/text-signals.ts";

const k1 = 1.2;
const b = 0.75;

/** A text of which is known how often each term of one query stands in it. */
export interface Counted<Key> {
  readonly key: Key;
  readonly times: ArrayLike<number>;
  /** Words of the whole text. */
  readonly length: number;
}

/** Okapi BM25 as in textbooks, best first; texts without any of the terms are left out, equal ones keep their order. */
export function rankByBm25<Key>(
  texts: readonly Counted<Key>[],
  weights: readonly number[],
  corpus: { readonly texts: number; readonly words: number },
): Key[] {
  const documents = new Uint32Array(weights.length);
  for (const { times } of texts)
    for (let term = 0; term < weights.length; term++) if (times[term]! > 0) documents[term]!++;
  const idf = inverse(documents, corpus.texts);
  const average = Math.max(1, corpus.words / Math.max(1, corpus.texts));
  const scored = texts.map(({ key, times, length }) => {
    const norm = k1 * (1 - b + (b * length) / average);
    let score = 0;
    for (let term = 0; term < weights.length; term++)
      if (times[term]! > 0)
        score += (weights[term]! * idf[term]! * times[term]! * (k1 + 1)) / (times[term]! + norm);
    return { key, score };
  });
  return scored
    .filter(({ score }) => score > 0)
    .sort((left, right) => right.score - left.score)
    .map(({ key }) => key);
}
