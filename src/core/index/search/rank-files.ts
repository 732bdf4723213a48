import type { DenseScores } from "./dense-scores.ts";
import { scoreHistory } from "./history-signals.ts";
import { scoreMentions } from "./mentions.ts";
import type { Query } from "./query.ts";
import type { SearchIndex } from "./search-index.ts";
import { scoreSecond } from "./second-signals.ts";
import { normalise, normaliseRoots, type SignalColumns, signalNames, type SignalWeights } from "./signals.ts";
import { scoreText } from "./text-signals.ts";
import { scoreUnits } from "./unit-scores.ts";
import { findUnitTerms } from "./unit-terms.ts";

export interface RankOptions {
  readonly weights: SignalWeights;
  /** False: nothing that a comment says counts; for measuring with queries that were taken from comments. */
  readonly withComments?: boolean;
  /** What the vectors say of the query, where there are some. */
  readonly dense?: DenseScores | null;
}

export interface RankedFiles {
  /** Sum of the weighted signals; what no signal speaks for has 0. */
  readonly scores: Float32Array;
  /** Files by score, largest first, without those of score 0. */
  readonly order: readonly number[];
  readonly signals: SignalColumns;
  readonly idf: Float32Array;
  readonly dense?: DenseScores | null;
}

/** Files whose units are looked at one by one. */
const unitCandidates = 200;
/** Files from which others follow. */
const likelyFiles = 50;
const firstSignals = ["body", "path", "messages", "similar", "churn", "recent", "mention", "dense"] as const;

/** Scores every file of a snapshot for a query. Deterministic: equal scores are ordered by path. */
export function rankFiles(index: SearchIndex, query: Query, options: RankOptions): RankedFiles {
  const { weights } = options;
  const count = index.files.length;
  const text = scoreText(index, query, options.withComments ?? true);
  const history = scoreHistory(index.history, query);
  const first = {
    body: normalise(text.body),
    path: normalise(text.path),
    messages: normalise(history.messages),
    similar: normaliseRoots(history.similar),
    churn: normaliseRoots(history.churn),
    recent: history.recent,
    mention: scoreMentions(index, query),
    dense: options.dense?.files ?? new Float32Array(count),
  };
  const isRelevant = new Uint8Array(count);
  for (let file = 0; file < count; file++)
    if (
      first.body[file]! > 0 ||
      first.path[file]! > 0 ||
      first.messages[file]! > 0 ||
      first.mention[file]! > 0 ||
      first.dense[file]! > 0
    )
      isRelevant[file] = 1;
  const scores = new Float32Array(count);
  for (const name of firstSignals) addColumn(scores, first[name], weights[name]);
  const unit = new Float32Array(count);
  const unitOptions = {
    idf: text.idf,
    averageWords: index.averages.unit,
    withComments: options.withComments ?? true,
  };
  for (const file of bestOf(index, scores, isRelevant, unitCandidates)) {
    const { record } = index.files[file]!;
    if (record === null) continue;
    const units = scoreUnits(record, findUnitTerms(record, query), query, unitOptions);
    for (let at = 0; at < units.length; at++) if (units[at]! > unit[file]!) unit[file] = units[at]!;
  }
  addColumn(scores, normalise(unit), weights.unit);
  const roles = roleColumns(index, query);
  for (const name of ["wantedTest", "wantedDocs", "test", "docs", "data", "foreign"] as const)
    addColumn(scores, roles[name], weights[name]);
  const likely = bestOf(index, scores, isRelevant, likelyFiles);
  const second = scoreSecond(index, softmax(scores, isRelevant, scores[likely[0] ?? 0] ?? 0), likely);
  const signals: SignalColumns = {
    ...first,
    unit,
    ...roles,
    cochange: normaliseRoots(second.cochange),
    pair: normalise(second.pair),
    folder: normalise(second.folder),
  };
  for (const name of ["cochange", "pair", "folder"] as const) addColumn(scores, signals[name], weights[name]);
  for (let file = 0; file < count; file++)
    if (isRelevant[file] === 0 && signals.cochange[file] === 0 && signals.pair[file] === 0) scores[file] = 0;
    // What a file is may take it below what nothing speaks for, but not out of sight.
    else scores[file] = Math.max(1e-6, scores[file]!);
  const order = orderOf(index, scores, scores);
  return { scores, order, signals, idf: text.idf, dense: options.dense ?? null };
}

function addColumn(scores: Float32Array, column: Float32Array, weight: number): void {
  if (weight === 0) return;
  for (let at = 0; at < scores.length; at++) scores[at]! += weight * column[at]!;
}

function orderOf(index: SearchIndex, scores: Float32Array, isIn: ArrayLike<number>): number[] {
  const order: number[] = [];
  for (let file = 0; file < scores.length; file++) if (isIn[file]! > 0) order.push(file);
  return order.sort(
    (a, b) => scores[b]! - scores[a]! || (index.files[a]!.path < index.files[b]!.path ? -1 : 1),
  );
}

/** The first `most` of `orderOf`, without ordering all of them. */
function bestOf(index: SearchIndex, scores: Float32Array, isIn: Uint8Array, most: number): number[] {
  const values = scores.filter((_, file) => isIn[file] === 1).sort();
  const least = values.length <= most ? -Infinity : values[values.length - most]!;
  return orderOf(
    index,
    scores,
    isIn.map((value, file) => (value === 1 && scores[file]! >= least ? 1 : 0)),
  ).slice(0, most);
}

function softmax(scores: Float32Array, isIn: Uint8Array, largest: number): Float32Array {
  const shares = new Float32Array(scores.length);
  let sum = 0;
  for (let file = 0; file < scores.length; file++)
    if (isIn[file] !== 0) sum += shares[file] = Math.exp(scores[file]! - largest);
  if (sum > 0) for (let file = 0; file < scores.length; file++) shares[file]! /= sum;
  return shares;
}

function roleColumns(
  index: SearchIndex,
  query: Query,
): Pick<SignalColumns, "wantedTest" | "wantedDocs" | "test" | "docs" | "data" | "foreign"> {
  const column = (): Float32Array => new Float32Array(index.files.length);
  const columns = {
    wantedTest: column(),
    wantedDocs: column(),
    test: column(),
    docs: column(),
    data: column(),
    foreign: column(),
  };
  for (const [at, { traits }] of index.files.entries()) {
    if (traits.test) (query.wants.tests ? columns.wantedTest : columns.test)[at] = 1;
    if (traits.docs) (query.wants.docs ? columns.wantedDocs : columns.docs)[at] = 1;
    if (traits.data) columns.data[at] = 1;
    if ((traits.vendored && !query.wants.vendored) || (traits.generated && !query.wants.generated))
      columns.foreign[at] = 1;
  }
  return columns;
}

/** Names that a set of weights must have; for reading weights that were kept. */
export function isComplete(weights: Readonly<Record<string, unknown>>): weights is SignalWeights {
  return signalNames.every((name) => typeof weights[name] === "number");
}
