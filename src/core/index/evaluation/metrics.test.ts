import { expect, test } from "vitest";
import { createRandom, estimateMean, estimateRatio } from "./bootstrap.ts";
import { measureRanking } from "./metrics.ts";

test("the first relevant item makes the reciprocal rank, all of them the recall", () => {
  const order = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
  expect(measureRanking(order, new Set(["c", "f", "l", "missing"]))).toEqual({
    mrr: 1 / 3,
    hit1: 0,
    hit5: 1,
    hit10: 1,
    recall5: 1 / 4,
    recall10: 2 / 4,
    recall20: 3 / 4,
  });
  expect(measureRanking(order, new Set(["a"]))).toMatchObject({ mrr: 1, hit1: 1, recall5: 1 });
});

test("what is not found counts as nothing", () => {
  const nothing = { mrr: 0, hit1: 0, hit5: 0, hit10: 0, recall5: 0, recall10: 0, recall20: 0 };
  expect(measureRanking(["a"], new Set(["b"]))).toEqual(nothing);
  expect(measureRanking([], new Set(["b"]))).toEqual(nothing);
});

test("the interval of a mean is the one that the normal distribution gives", () => {
  // 400 zeros and ones, half each: 0.5 ± 1.96 · 0.5 / √400 = 0.5 ± 0.049.
  const values = Array.from({ length: 400 }, (_, at) => at % 2);
  const { value, low, high } = estimateMean(values);
  expect(value).toBe(0.5);
  expect(low).toBeCloseTo(0.451, 2);
  expect(high).toBeCloseTo(0.549, 2);
});

test("the same cases give the same interval, and equal ones none at all", () => {
  const values = [0.2, 0.9, 0.4, 0.1, 1, 0.3];
  expect(estimateMean(values)).toEqual(estimateMean(values));
  expect(estimateMean([0.25, 0.25, 0.25])).toEqual({ value: 0.25, low: 0.25, high: 0.25 });
  expect(estimateMean([])).toEqual({ value: 0, low: 0, high: 0 });
});

test("a ratio draws both of its sides from the same cases", () => {
  const below = [0.1, 0.5, 0.2, 0.9, 0.4];
  // Twice as much in every case is twice as much in every sample.
  const { value, low, high } = estimateRatio(
    below.map((one) => 2 * one),
    below,
  );
  for (const figure of [value, low, high]) expect(figure).toBeCloseTo(2, 10);
  expect(estimateRatio([1, 0], [1, 1])).toMatchObject({ value: 0.5, low: 0, high: 1 });
});

test("random numbers fill the range evenly", () => {
  const random = createRandom(1);
  const counts = new Uint32Array(10);
  for (let at = 0; at < 10_000; at++) counts[Math.floor(random() * 10)]!++;
  for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});
