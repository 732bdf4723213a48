import { metricNames, type MetricName, type RankMetrics } from "./metrics.ts";

/** A figure with the interval in which 95 of 100 repetitions with other cases would lie. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export type MetricEstimates = Readonly<Record<MetricName, Estimate>>;

const resamples = 2_000;
const tail = 0.025;
const seed = 20_240_229;

/** Mean of one value for each case; 0 for none. */
export function estimateMean(values: readonly number[]): Estimate {
  return estimate(values.length, (pick) => {
    let sum = 0;
    for (let at = 0; at < values.length; at++) sum += values[pick(at)]!;
    return sum / values.length;
  });
}

/** Sum of the first divided by the sum of the second, pairs drawn together: both stand for the same cases. */
export function estimateRatio(above: readonly number[], below: readonly number[]): Estimate {
  return estimate(above.length, (pick) => {
    let top = 0;
    let bottom = 0;
    for (let at = 0; at < above.length; at++) {
      const drawn = pick(at);
      top += above[drawn]!;
      bottom += below[drawn]!;
    }
    return bottom === 0 ? 0 : top / bottom;
  });
}

export function estimateMetrics(cases: readonly RankMetrics[]): MetricEstimates {
  return Object.fromEntries(
    metricNames.map((name) => [name, estimateMean(cases.map((metrics) => metrics[name]))]),
  ) as Record<MetricName, Estimate>;
}

/** `statistic` asks which case stands at each place. The same cases always give the same interval. */
function estimate(count: number, statistic: (pick: (at: number) => number) => number): Estimate {
  if (count === 0) return { value: 0, low: 0, high: 0 };
  const value = statistic((at) => at);
  const random = createRandom(seed);
  const results = Float64Array.from({ length: resamples }, () =>
    statistic(() => Math.floor(random() * count)),
  ).sort();
  const at = (share: number): number => results[Math.min(resamples - 1, Math.floor(share * resamples))]!;
  return { value, low: at(tail), high: at(1 - tail) };
}

/** Numbers from 0 up to 1 that are the same for the same seed (a Weyl sequence, mixed). */
export function createRandom(from: number): () => number {
  let state = from >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
