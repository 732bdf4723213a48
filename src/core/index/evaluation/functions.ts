import { unitKindOf } from "../records/blob-record.ts";
import { bisect } from "../search/bisect.ts";
import type { Query } from "../search/query.ts";
import type { RankedUnit } from "../search/rank-units.ts";
import type { SearchIndex } from "../search/search-index.ts";
import { inverse } from "../search/text-signals.ts";
import { plainTerms } from "./baselines.ts";

/** A function as one number, so that it can be looked up. */
export type FunctionKey = number;
/** Units of one file; a record holds fewer. */
const maxUnits = 2 ** 20;

export function functionKey(file: number, unit: number): FunctionKey {
  return file * maxUnits + unit;
}

export function placeOf(key: FunctionKey): { readonly file: number; readonly unit: number } {
  return { file: Math.floor(key / maxUnits), unit: key % maxUnits };
}

export function isFunction(index: SearchIndex, file: number, unit: number): boolean {
  const { record } = index.files[file]!;
  if (record === null) return false;
  const kind = unitKindOf(record, unit);
  return kind === "function" || kind === "method";
}

export function onlyFunctions(index: SearchIndex, units: readonly RankedUnit[]): FunctionKey[] {
  return units
    .filter(({ file, unit }) => isFunction(index, file, unit))
    .map(({ file, unit }) => functionKey(file, unit));
}

const k1 = 1.2;
const b = 0.75;

/** BM25 of every function and method by its own words, without names, paths and history. */
export function rankFunctionsByWords(
  index: SearchIndex,
  query: Query,
  withComments: boolean,
): readonly FunctionKey[] {
  const terms = plainTerms(query);
  const documents = new Uint32Array(terms.length);
  const found: { readonly key: FunctionKey; readonly times: Uint16Array; readonly length: number }[] = [];
  let functions = 0;
  let words = 0;
  for (const [file, { record }] of index.files.entries()) {
    if (record === null) continue;
    const { hashes, code, comment } = record.unitTerms;
    for (let unit = 0; unit < record.unitKinds.length; unit++) {
      if (!isFunction(index, file, unit)) continue;
      const from = record.unitTermStarts[unit]!;
      const to = record.unitTermStarts[unit + 1]!;
      let length = record.unitWords[unit]!;
      // Counts of terms stand in for those of words, which are not kept apart for each unit.
      if (!withComments) {
        length = 0;
        for (let at = from; at < to; at++) length += code[at]!;
      }
      functions++;
      words += length;
      let times: Uint16Array | null = null;
      for (let term = 0; term < terms.length; term++) {
        const at = bisect(hashes, terms[term]!.hash, from, to);
        const count = at < 0 ? 0 : code[at]! + (withComments ? comment[at]! : 0);
        if (count === 0) continue;
        times ??= new Uint16Array(terms.length);
        times[term] = count;
        documents[term]!++;
      }
      if (times !== null) found.push({ key: functionKey(file, unit), times, length });
    }
  }
  const idf = inverse(documents, functions);
  const average = Math.max(1, words / Math.max(1, functions));
  const scored = found.map(({ key, times, length }) => {
    const norm = k1 * (1 - b + (b * length) / average);
    let score = 0;
    for (let term = 0; term < terms.length; term++)
      if (times[term]! > 0)
        score += (terms[term]!.weight * idf[term]! * times[term]! * (k1 + 1)) / (times[term]! + norm);
    return { key, score };
  });
  return scored.sort((a, c) => c.score - a.score || a.key - c.key).map(({ key }) => key);
}
