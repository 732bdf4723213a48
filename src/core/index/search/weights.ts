import type { Query } from "./query.ts";
import type { RankProfile, SignalWeights, UnitWeights } from "./signals.ts";

/**
 * For a repository whose history is too short to learn from. Learnt from commits of 21 public repositories (see
 * docs/performance.md); measured on each with the weights learnt from the other twenty.
 */
export const changeWeights: SignalWeights = {
  body: 1.32,
  path: 1.05,
  messages: 2.7,
  similar: 1.32,
  churn: 1.65,
  recent: 1.37,
  mention: 0.5,
  dense: 0,
  unit: 1.62,
  cochange: 0.56,
  pair: 0.21,
  folder: 0.38,
  wantedTest: 1.46,
  wantedDocs: 1.02,
  test: -0.11,
  docs: -0.1,
  data: 0.53,
  foreign: -0.3,
};

/** Learnt like the files' weights, from the functions that commits changed. */
export const changeUnits: UnitWeights = {
  own: 0.6,
  file: 0.6,
  fileSquared: 1.35,
  name: 0.8,
  parent: 0.75,
  length: 2.6,
  linked: 0,
  ownInFile: 3.6,
  dense: 0.2,
  kinds: { function: 1, method: 1, class: 0.9, type: 0.92, chunk: 0.9 },
  roles: { test: 0.95, docs: 0.95, data: 0.95, foreign: 0.8 },
};

/** For questions: how it is counts, not what is often changed; tests and prose say it too, but seldom do it. */
export const questionWeights: SignalWeights = {
  ...changeWeights,
  churn: 0.4,
  recent: 0,
  dense: 0.5,
  test: -2,
  docs: -1.2,
  data: -1,
  foreign: -2,
};

export const questionUnits: UnitWeights = {
  own: 2,
  file: 1,
  fileSquared: 0.5,
  name: 1.5,
  parent: 0.5,
  length: 0.5,
  linked: 1,
  ownInFile: 2,
  dense: 0.7,
  kinds: { function: 1, method: 1, class: 0.85, type: 0.85, chunk: 0.85 },
  roles: { test: 0.6, docs: 0.7, data: 0.7, foreign: 0.6 },
};

/**
 * How a query is answered. Files are what somebody will change who does what it says, with the weights of the repository,
 * unless it asks. Places answer a question, unless it says what is to be changed.
 */
export function profileOf(
  query: Query,
  learnt: SignalWeights,
  wanted: "files" | "places" = "files",
): RankProfile {
  return query.isQuestion || (wanted === "places" && !query.isChange)
    ? { files: questionWeights, units: questionUnits }
    : { files: learnt, units: changeUnits };
}
