import { bisect } from "./bisect.ts";
import type { Query } from "./query.ts";
import type { SearchIndex } from "./search-index.ts";

const k1 = 1.2;
const nameWeight = 2;

/** BM25 of each unit of one file by itself. Names weigh; `withComments` false leaves out what comments say. */
export function scoreUnits(
  index: SearchIndex,
  file: number,
  query: Query,
  idf: Float32Array,
  withComments = true,
): Float32Array {
  const { record } = index.files[file]!;
  if (record === null) return new Float32Array(0);
  const { hashes, code, comment, name } = record.unitTerms;
  const scores = new Float32Array(record.unitKinds.length);
  for (let unit = 0; unit < scores.length; unit++) {
    const from = record.unitTermStarts[unit]!;
    const to = record.unitTermStarts[unit + 1]!;
    const norm = 0.5 + (0.5 * record.unitWords[unit]!) / index.averages.unit;
    let score = 0;
    let concept = -1;
    let best = 0;
    for (let term = 0; term < query.terms.length; term++) {
      if (query.terms[term]!.concept !== concept) {
        score += best;
        best = 0;
        concept = query.terms[term]!.concept;
      }
      const at = bisect(hashes, query.terms[term]!.hash, from, to);
      if (at < 0) continue;
      const times = (code[at]! + (withComments ? comment[at]! : 0)) / norm + nameWeight * name[at]!;
      best = Math.max(best, (query.terms[term]!.weight * idf[term]! * times * (k1 + 1)) / (times + k1));
    }
    scores[unit] = score + best;
  }
  return scores;
}
