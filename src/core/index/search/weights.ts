import type { SignalWeights } from "./signals.ts";

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
