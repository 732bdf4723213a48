import { unitKindOf } from "../records/blob-record.ts";
import type { Query } from "./query.ts";
import type { RankedFiles } from "./rank-files.ts";
import type { SearchIndex } from "./search-index.ts";
import { scoreUnits } from "./unit-scores.ts";

/** A place in a file. */
export interface RankedUnit {
  readonly file: number;
  readonly unit: number;
  readonly score: number;
  /** What the unit says by itself, from 0 to 1. */
  readonly own: number;
  /** What its file is worth, from 0 to 1. */
  readonly fileScore: number;
}

/** Files whose units are compared. */
const fileCandidates = 100;
/** A function is found by what it says and by the file it is in, in this proportion. */
const ownWeight = 1;
const fileWeight = 0.9;
/** A definition around others, or a piece outside of all, is seldom the place itself. */
const kindWeights = { function: 1, method: 1, class: 0.85, type: 0.9, chunk: 0.8 };

/** Ranks functions, classes and chunks of the best files; each carries its file's score. */
export function rankUnits(
  index: SearchIndex,
  query: Query,
  ranked: RankedFiles,
  withComments = true,
): RankedUnit[] {
  const files = ranked.order.slice(0, fileCandidates);
  const own = files.map((file) => scoreUnits(index, file, query, ranked.idf, withComments));
  let largest = 0;
  for (const scores of own) for (const score of scores) if (score > largest) largest = score;
  const best = ranked.scores[files[0] ?? 0] ?? 0;
  const units: RankedUnit[] = [];
  for (const [at, file] of files.entries()) {
    const record = index.files[file]!.record;
    if (record === null) continue;
    const fileScore = best > 0 ? ranked.scores[file]! / best : 0;
    for (const [unit, score] of own[at]!.entries()) {
      if (score === 0) continue;
      const share = score / largest;
      units.push({
        file,
        unit,
        own: share,
        fileScore,
        score: (ownWeight * share + fileWeight * fileScore) * kindWeights[unitKindOf(record, unit)],
      });
    }
  }
  return units.sort((a, b) => b.score - a.score || a.file - b.file || a.unit - b.unit);
}
