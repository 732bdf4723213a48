import type { UnitKind } from "../records/cut-units.ts";

/**
 * What speaks for a file, each from 0 to 1 in one query (the largest value over all files is 1). Those of the first group
 * are computed from text and history, those of the second from where the first find most; the last say what a file is.
 */
export const signalNames = [
  "body",
  "path",
  "messages",
  "similar",
  "churn",
  "recent",
  "mention",
  "dense",
  "unit",
  "cochange",
  "pair",
  "folder",
  "wantedTest",
  "wantedDocs",
  "test",
  "docs",
  "data",
  "foreign",
] as const;
export type SignalName = (typeof signalNames)[number];

/** One value for each file (or for each of the files that are candidates). */
export type SignalColumns = Readonly<Record<SignalName, Float32Array>>;

/** What each signal counts for in the sum. */
export type SignalWeights = Readonly<Record<SignalName, number>>;

/** What speaks for a place in a file; see `UnitSignals`. */
export interface UnitWeights {
  readonly own: number;
  readonly file: number;
  readonly fileSquared: number;
  readonly name: number;
  readonly parent: number;
  readonly length: number;
  readonly linked: number;
  /** The product of both. */
  readonly ownInFile: number;
  /** How near its vector is to the query's; counts beside the others, so that their sum stays as it is without vectors. */
  readonly dense: number;
  /** Factors. A definition around others, or a piece outside of all, is seldom the place itself. */
  readonly kinds: Readonly<Record<UnitKind, number>>;
  /** Factors for what a file is, where the query does not ask for it. */
  readonly roles: {
    readonly test: number;
    readonly docs: number;
    readonly data: number;
    readonly foreign: number;
  };
}

/** How signals are added up for one purpose. */
export interface RankProfile {
  readonly files: SignalWeights;
  readonly units: UnitWeights;
}

/** Divides by the largest value, in place. */
export function normalise(column: Float32Array): Float32Array {
  let largest = 0;
  for (let at = 0; at < column.length; at++) if (column[at]! > largest) largest = column[at]!;
  if (largest > 0) for (let at = 0; at < column.length; at++) column[at]! /= largest;
  return column;
}

/** As `normalise`, of the square roots: for counts, where the tenth says less than the second. */
export function normaliseRoots(column: Float32Array): Float32Array {
  for (let at = 0; at < column.length; at++) column[at] = Math.sqrt(column[at]!);
  return normalise(column);
}
