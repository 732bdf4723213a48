import { expect, test } from "vitest";
import { createRandom } from "../evaluation/bootstrap.ts";
import { type LearnCase, learnWeights } from "./learn-weights.ts";
import { minimise } from "./minimise.ts";
import { type SignalName, signalNames, type SignalWeights } from "./signals.ts";
import { changeWeights } from "./weights.ts";

const random = createRandom(7);
const rows = 40;

/** A case with noise in every signal, where the answer is the file that `signal` is largest for. */
function plant(signal: SignalName): LearnCase {
  const features = Float32Array.from({ length: rows * signalNames.length }, () => random() * 0.5);
  const meant = Math.floor(random() * rows);
  features[meant * signalNames.length + signalNames.indexOf(signal)] = 1;
  return {
    features,
    isRelevant: Uint8Array.from({ length: rows }, (_, row) => (row === meant ? 1 : 0)),
    weight: 1,
  };
}

/** A case whose answer nothing points at. */
function plantNoise(): LearnCase {
  const features = Float32Array.from({ length: rows * signalNames.length }, () => random());
  return {
    features,
    isRelevant: Uint8Array.from({ length: rows }, (_, row) => (row === 3 ? 1 : 0)),
    weight: 1,
  };
}

const series = (count: number, make: () => LearnCase): LearnCase[] => Array.from({ length: count }, make);

test("a signal that the prior hardly counts is found", () => {
  const prior: SignalWeights = { ...changeWeights, pair: 0 };
  const { weights, isLearnt, heldBack } = learnWeights(
    series(100, () => plant("pair")),
    prior,
  );
  expect(isLearnt).toBe(true);
  expect(heldBack.cases).toBe(20);
  expect(heldBack.learnt).toBeGreaterThan(heldBack.prior + 0.2);
  const gains = signalNames.map((name) => weights[name] - prior[name]);
  expect(Math.max(...gains)).toBe(weights.pair);
  expect(weights.pair).toBeGreaterThan(2);
});

test("what does not prove itself on the newest cases is not kept", () => {
  const prior: SignalWeights = { ...changeWeights, pair: 5 };
  // The older commits say that pairs mean the opposite; the newest, which are held back, that the prior was right.
  const misleading = series(80, () => {
    const one = plant("pair");
    return {
      ...one,
      isRelevant: one.isRelevant.map((_, row) => (row === one.isRelevant.indexOf(1) ? 0 : 1)),
    };
  });
  const { weights, isLearnt, heldBack } = learnWeights(
    [...series(20, () => plant("pair")), ...misleading],
    prior,
  );
  expect(heldBack.learnt).toBeLessThan(heldBack.prior);
  expect(isLearnt).toBe(false);
  expect(weights).toBe(prior);
});

test("noise moves the weights little, and not at all without cases", () => {
  const { weights } = learnWeights(series(100, plantNoise), changeWeights, { stiffness: 1 });
  for (const name of signalNames) expect(Math.abs(weights[name] - changeWeights[name])).toBeLessThan(0.25);
  expect(learnWeights([], changeWeights)).toMatchObject({ weights: changeWeights, isLearnt: false });
});

test("the same cases teach the same", () => {
  const cases = series(50, () => plant("body"));
  expect(learnWeights(cases, changeWeights)).toEqual(learnWeights(cases, changeWeights));
});

test("the lowest point of a bent valley is found", () => {
  // Rosenbrock's function, whose lowest point is (1, 1).
  const point = minimise(
    ([x = 0, y = 0], slope) => {
      slope[0] = -2 * (1 - x) - 400 * x * (y - x * x);
      slope[1] = 200 * (y - x * x);
      return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
    },
    Float64Array.of(-1.2, 1),
    { iterations: 200, tolerance: 1e-9 },
  );
  expect(point[0]).toBeCloseTo(1, 4);
  expect(point[1]).toBeCloseTo(1, 4);
});
