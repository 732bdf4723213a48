import { unitKindOf } from "../records/blob-record.ts";
import { bisect } from "../search/bisect.ts";
import type { Query } from "../search/query.ts";
import type { RankedUnit } from "../search/rank-units.ts";
import type { SearchIndex } from "../search/search-index.ts";
import { plainTerms } from "./baselines.ts";
import { type Counted, rankByBm25 } from "./bm25.ts";
import { type FileWords, type WordTable, wholeWords } from "./whole-words.ts";

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

/** BM25 of every function and method by its own words, split and stemmed or as they are written. */
export function rankFunctionBaselines(
  index: SearchIndex,
  query: Query,
  table: WordTable,
  withComments: boolean,
): Readonly<Record<"terms" | "bm25", readonly FunctionKey[]>> {
  const terms = plainTerms(query);
  const words = wholeWords(query.text);
  const slots = new Map(words.map((word, slot) => [table.vocabulary.get(word), slot]));
  const byTerms: Counted<FunctionKey>[] = [];
  const byWords: Counted<FunctionKey>[] = [];
  let length = 0;
  let functions = 0;
  for (const [file, indexed] of index.files.entries()) {
    const { record } = indexed;
    const counted = table.files.get(indexed);
    if (record === null || counted === undefined) continue;
    const { hashes, code, comment } = record.unitTerms;
    const timesOf = countUnits(counted, slots, withComments);
    for (let unit = 0; unit < record.unitKinds.length; unit++) {
      if (!isFunction(index, file, unit)) continue;
      const own = withComments ? record.unitWords[unit]! : counted.unitCodeWords[unit]!;
      functions++;
      length += own;
      const key = functionKey(file, unit);
      const written = timesOf.get(unit);
      if (written !== undefined) byWords.push({ key, times: written, length: own });
      let isThere = false;
      const times = terms.map(({ hash }) => {
        const at = bisect(hashes, hash, record.unitTermStarts[unit], record.unitTermStarts[unit + 1]);
        const count = at < 0 ? 0 : code[at]! + (withComments ? comment[at]! : 0);
        if (count > 0) isThere = true;
        return count;
      });
      if (isThere) byTerms.push({ key, times, length: own });
    }
  }
  const corpus = { texts: functions, words: length };
  return {
    terms: rankByBm25(
      byTerms,
      terms.map(({ weight }) => weight),
      corpus,
    ),
    bm25: rankByBm25(
      byWords,
      words.map(() => 1),
      corpus,
    ),
  };
}

/** How often each unit of a file has the words of a query; units without any are left out. */
function countUnits(
  counted: FileWords,
  slots: ReadonlyMap<number | undefined, number>,
  withComments: boolean,
): Map<number, Uint32Array> {
  const times = new Map<number, Uint32Array>();
  for (let row = 0; row < counted.words.length; row++) {
    const slot = slots.get(counted.words[row]);
    if (slot === undefined) continue;
    const count = counted.code[row]! + (withComments ? counted.comment[row]! : 0);
    const unit = counted.units[row]!;
    let own = times.get(unit);
    if (own === undefined) times.set(unit, (own = new Uint32Array(slots.size)));
    own[slot]! += count;
  }
  return times;
}
