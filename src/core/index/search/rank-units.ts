import { type BlobRecord, unitKindOf } from "../records/blob-record.ts";
import type { Query } from "./query.ts";
import type { RankedFiles } from "./rank-files.ts";
import type { FileRole, SearchIndex } from "./search-index.ts";
import type { UnitWeights } from "./signals.ts";
import { inverse } from "./text-signals.ts";
import { scoreNames, scoreUnits } from "./unit-scores.ts";
import { findUnitTerms, type UnitTerms } from "./unit-terms.ts";

/** A place in a file. */
export interface RankedUnit {
  readonly file: number;
  readonly unit: number;
  readonly score: number;
  readonly signals: UnitSignals;
}

/** What speaks for a unit, each from 0 to 1. */
export interface UnitSignals {
  /** Its own text. */
  readonly own: number;
  /** The file it is in. */
  readonly file: number;
  /** Its name. */
  readonly name: number;
  /** The text of the definition around it. */
  readonly parent: number;
  /** How long it is, on a logarithmic scale: more happens in a long function. */
  readonly length: number;
  /** What tests, documents and other code that fit the query say about it. */
  readonly linked: number;
  /** How near its vector is to the query's. */
  readonly dense: number;
}

/** Files whose units are compared. */
const fileCandidates = 100;
/** Ranks functions, classes and chunks of the best files; each carries its file's score. */
export function rankUnits(
  index: SearchIndex,
  query: Query,
  ranked: RankedFiles,
  weights: UnitWeights,
  withComments = true,
): RankedUnit[] {
  const files = ranked.order.slice(0, fileCandidates).filter((file) => index.files[file]!.record !== null);
  const records = files.map((file) => index.files[file]!.record!);
  const roles = files.map((file) => roleFactor(index.files[file]!.traits, query, weights.roles));
  const found = records.map((record) => findUnitTerms(record, query));
  const idf = weighTerms(records, found, query);
  const options = { idf, averageWords: index.averages.unit, withComments };
  const own = records.map((record, at) => scoreUnits(record, found[at]!, query, options));
  const named = records.map((record, at) => scoreNames(record, found[at]!, query, idf));
  const largestOwn = largestOf(own, roles);
  const largestName = largestOf(named, roles);
  const best = ranked.scores[files[0] ?? 0] ?? 0;
  let longest = 1;
  for (const { unitWords } of records) for (const words of unitWords) if (words > longest) longest = words;
  const linked =
    weights.linked === 0 ? new Map<string, number>() : followMentions(index, files, own, largestOf(own));
  const units: RankedUnit[] = [];
  for (const [at, file] of files.entries()) {
    const record = records[at]!;
    const near = ranked.dense?.units.get(file);
    const inFile = best > 0 ? ranked.scores[file]! / best : 0;
    for (const [unit, score] of own[at]!.entries()) {
      const link = linked.get(`${file} ${unit}`) ?? 0;
      const dense = near?.[unit] ?? 0;
      if (score === 0 && link === 0 && dense === 0) continue;
      const parent = record.unitParents[unit]!;
      const signals = {
        own: Math.min(1, score / largestOwn),
        file: inFile,
        name: Math.min(1, named[at]![unit]! / largestName),
        parent: parent < 0 ? 0 : Math.min(1, own[at]![parent]! / largestOwn),
        length: Math.log1p(record.unitWords[unit]!) / Math.log1p(longest),
        linked: link,
        dense,
      };
      units.push({
        file,
        unit,
        signals,
        score: sumOf(signals, weights) * weights.kinds[unitKindOf(record, unit)] * roles[at]!,
      });
    }
  }
  return units.sort((a, b) => b.score - a.score || a.file - b.file || a.unit - b.unit);
}

/** Places whose mentions are followed. */
const followed = 40;

/**
 * A test, a document or a caller often has the words of the question where the definition has not: what the best of all
 * places mention gets a share of what they are worth. From 0 to 1, by `file unit`.
 */
function followMentions(
  index: SearchIndex,
  files: readonly number[],
  own: readonly Float32Array[],
  largest: number,
): ReadonlyMap<string, number> {
  const best: { readonly file: number; readonly unit: number; readonly share: number }[] = [];
  for (const [at, file] of files.entries())
    for (const [unit, score] of own[at]!.entries())
      if (score > largest * 0.3) best.push({ file, unit, share: score / largest });
  best.sort((a, b) => b.share - a.share || a.file - b.file || a.unit - b.unit);
  const scores = new Map<string, number>();
  for (const { file, unit, share } of best.slice(0, followed)) {
    const mentioned = index.references().mentioned({ file, unit });
    for (const { ref, definitions } of mentioned) {
      if (index.files[ref.file]!.traits.test) continue;
      const key = `${ref.file} ${ref.unit}`;
      scores.set(
        key,
        (scores.get(key) ?? 0) + (share * share) / definitions / Math.sqrt(2 + mentioned.length),
      );
    }
  }
  let most = 0;
  for (const score of scores.values()) if (score > most) most = score;
  for (const [key, score] of scores) scores.set(key, score / most);
  return scores;
}

function sumOf(
  { own, file, name, parent, length, linked, dense }: UnitSignals,
  weights: UnitWeights,
): number {
  return (
    (weights.own * own +
      weights.file * file +
      weights.fileSquared * file * file +
      weights.name * name +
      weights.parent * parent +
      weights.length * length +
      weights.linked * linked +
      weights.ownInFile * own * file) /
      (weights.own +
        weights.file +
        weights.fileSquared +
        weights.name +
        weights.parent +
        weights.length +
        weights.linked +
        weights.ownInFile) +
    weights.dense * dense
  );
}

function roleFactor(traits: FileRole, { wants }: Query, roles: UnitWeights["roles"]): number {
  if ((traits.vendored && !wants.vendored) || (traits.generated && !wants.generated)) return roles.foreign;
  if (traits.test) return wants.tests ? 1 : roles.test;
  if (traits.docs) return wants.docs ? 1 : roles.docs;
  return traits.data ? roles.data : 1;
}

/** Inverse document frequency among the units that are compared: what every function of a file says tells none apart. */
function weighTerms(records: readonly BlobRecord[], found: readonly UnitTerms[], query: Query): Float32Array {
  const documents = new Uint32Array(query.terms.length);
  let units = 0;
  for (const [at, { present, places }] of found.entries()) {
    units += records[at]!.unitKinds.length;
    for (let place = 0; place < places.length; place++)
      if (places[place]! >= 0) documents[present[place % present.length]!]!++;
  }
  return inverse(documents, units);
}

/** The largest value, those of each file times its factor. */
function largestOf(columns: readonly Float32Array[], factors?: readonly number[]): number {
  let largest = 0;
  for (const [at, column] of columns.entries())
    for (const value of column) {
      const weighted = value * (factors?.[at] ?? 1);
      if (weighted > largest) largest = weighted;
    }
  return largest || 1;
}
