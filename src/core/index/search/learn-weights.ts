import { minimise } from "./minimise.ts";
import type { RankedFiles } from "./rank-files.ts";
import { signalNames, type SignalName, type SignalWeights } from "./signals.ts";

/** One question with its answer, as far as learning needs it: the signals of the files that could be meant. */
export interface LearnCase {
  /** Row by row, one value for each of `signalNames`. */
  readonly features: Float32Array;
  /** Row by row, 1 where the file was meant. */
  readonly isRelevant: Uint8Array;
  /** What the case counts for beside others. */
  readonly weight: number;
}

export interface LearnOptions {
  /** How strongly the weights are held where they are. */
  readonly stiffness?: number;
}

export interface LearntWeights {
  /** The prior, where learning did not prove itself. */
  readonly weights: SignalWeights;
  readonly isLearnt: boolean;
  /** Mean reciprocal rank on the cases that were held back, by the prior and by what the others taught. */
  readonly heldBack: { readonly cases: number; readonly prior: number; readonly learnt: number };
}

/** The best by the prior; what is further down is not told apart by a little more or less of a signal. */
const candidates = 150;
const usualStiffness = 0.02;
/** Of the cases, the newest are held back. */
const heldBackShare = 0.2;
const width = signalNames.length;

/** Takes the rows that learning needs from a ranking by the prior. */
export function toLearnCase(ranked: RankedFiles, relevant: ReadonlySet<number>, weight = 1): LearnCase {
  const files = [...new Set([...ranked.order.slice(0, candidates), ...relevant])];
  const features = new Float32Array(files.length * width);
  for (const [row, file] of files.entries())
    for (const [column, name] of signalNames.entries())
      features[row * width + column] = ranked.signals[name][file]!;
  return { features, isRelevant: Uint8Array.from(files, (file) => (relevant.has(file) ? 1 : 0)), weight };
}

/**
 * Learns what each signal counts for in one repository, from its own commits, newest first. Kept only when it is no
 * worse than the prior on the newest fifth, which it has not seen.
 */
export function learnWeights(
  cases: readonly LearnCase[],
  prior: SignalWeights,
  options: LearnOptions = {},
): LearntWeights {
  const start = Float64Array.from(signalNames, (name) => prior[name]);
  const stiffness = options.stiffness ?? usualStiffness;
  const held = cases.slice(0, Math.ceil(cases.length * heldBackShare));
  const others = cases.slice(held.length);
  if (others.length === 0)
    return { weights: prior, isLearnt: false, heldBack: { cases: 0, prior: 0, learnt: 0 } };
  const trial = fit(others, start, stiffness);
  const heldBack = {
    cases: held.length,
    prior: meanReciprocalRank(held, start),
    learnt: meanReciprocalRank(held, trial),
  };
  if (heldBack.learnt < heldBack.prior) return { weights: prior, isLearnt: false, heldBack };
  const point = fit(cases, start, stiffness);
  const weights = Object.fromEntries(
    signalNames.map((name, at) => [name, Number(point[at]!.toFixed(4))]),
  ) as Record<SignalName, number>;
  return { weights, isLearnt: true, heldBack };
}

/** The softmax over the candidates should put its weight on those that were meant. */
function fit(cases: readonly LearnCase[], prior: Float64Array, stiffness: number): Float64Array {
  const total = cases.reduce((sum, { weight }) => sum + weight, 0);
  return minimise((point, slope) => {
    let loss = 0;
    for (const one of cases) loss += (one.weight / total) * addCase(one, point, slope, one.weight / total);
    for (let at = 0; at < point.length; at++) {
      const away = point[at]! - prior[at]!;
      loss += stiffness * away * away;
      slope[at]! += 2 * stiffness * away;
    }
    return loss;
  }, prior);
}

/** Cross-entropy of one case; its slope, times `share`, is added to `slope`. */
function addCase(one: LearnCase, point: Float64Array, slope: Float64Array, share: number): number {
  const scores = scoreRows(one, point);
  const largest = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  const relevant = one.isRelevant.reduce((sum, is) => sum + is, 0);
  if (relevant === 0) return 0;
  let sum = 0;
  for (const score of scores) sum += Math.exp(score - largest);
  const log = Math.log(sum) + largest;
  let loss = log;
  for (let row = 0; row < scores.length; row++) {
    const wanted = one.isRelevant[row]! / relevant;
    loss -= wanted * scores[row]!;
    const error = share * (Math.exp(scores[row]! - log) - wanted);
    if (error !== 0) for (let at = 0; at < width; at++) slope[at]! += error * one.features[row * width + at]!;
  }
  return loss;
}

function scoreRows({ features, isRelevant }: LearnCase, point: Float64Array): Float64Array {
  const scores = new Float64Array(isRelevant.length);
  for (let row = 0; row < scores.length; row++) {
    let score = 0;
    for (let at = 0; at < width; at++) score += features[row * width + at]! * point[at]!;
    scores[row] = score;
  }
  return scores;
}

/** Ties count against the case. */
function meanReciprocalRank(cases: readonly LearnCase[], point: Float64Array): number {
  let sum = 0;
  let weights = 0;
  for (const one of cases) {
    const scores = scoreRows(one, point);
    let best = -Infinity;
    for (let row = 0; row < scores.length; row++)
      if (one.isRelevant[row] === 1 && scores[row]! > best) best = scores[row]!;
    let before = 0;
    for (let row = 0; row < scores.length; row++)
      if (one.isRelevant[row] === 0 && scores[row]! >= best) before++;
    sum += one.weight / (1 + before);
    weights += one.weight;
  }
  return weights === 0 ? 0 : sum / weights;
}
