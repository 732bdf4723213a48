import type { BlobRecord } from "../records/blob-record.ts";
import type { Query } from "./query.ts";
import type { UnitTerms } from "./unit-terms.ts";

const k1 = 1.2;
const nameWeight = 2;

export interface UnitScoreOptions {
  /** Inverse document frequency of each term of the query. */
  readonly idf: Float32Array;
  /** Words of a unit of ordinary length. */
  readonly averageWords: number;
  /** False: what comments say is left out. */
  readonly withComments: boolean;
}

/** BM25 of each unit of one file by itself. Names weigh. */
export function scoreUnits(
  record: BlobRecord,
  { present, places }: UnitTerms,
  { terms }: Query,
  { idf, averageWords, withComments }: UnitScoreOptions,
): Float32Array {
  const { code, comment, name } = record.unitTerms;
  const scores = new Float32Array(record.unitKinds.length);
  for (let unit = 0, place = 0; unit < scores.length; unit++) {
    const norm = 0.5 + (0.5 * record.unitWords[unit]!) / averageWords;
    let score = 0;
    let concept = -1;
    let best = 0;
    for (let index = 0; index < present.length; index++, place++) {
      const term = terms[present[index]!]!;
      if (term.concept !== concept) {
        score += best;
        best = 0;
        concept = term.concept;
      }
      const at = places[place]!;
      if (at < 0) continue;
      const times = (code[at]! + (withComments ? comment[at]! : 0)) / norm + nameWeight * name[at]!;
      best = Math.max(best, (term.weight * idf[present[index]!]! * times * (k1 + 1)) / (times + k1));
    }
    scores[unit] = score + best;
  }
  return scores;
}

/** What of the query stands in each unit's name. */
export function scoreNames(
  record: BlobRecord,
  { present, places }: UnitTerms,
  { terms }: Query,
  idf: Float32Array,
): Float32Array {
  const { name } = record.unitTerms;
  const scores = new Float32Array(record.unitKinds.length);
  for (let unit = 0, place = 0; unit < scores.length; unit++)
    for (let index = 0; index < present.length; index++, place++) {
      const at = places[place]!;
      if (at >= 0 && record.unitNames[unit] !== 0 && name[at]! > 0)
        scores[unit]! += terms[present[index]!]!.weight * idf[present[index]!]!;
    }
  return scores;
}
