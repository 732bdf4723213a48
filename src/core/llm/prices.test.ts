import { expect, test } from "vitest";
import { loadPrices } from "./prices.ts";

const prices = await loadPrices();
const usage = (
  inputTokens: number | null,
  outputTokens: number | null,
  cacheReadTokens = 0,
  cacheWriteTokens = 0,
) => ({
  inputTokens,
  cacheReadTokens,
  cacheWriteTokens,
  outputTokens,
});
const claude = { provider: "anthropic", name: "claude-sonnet-4-5" };

test("four kinds of tokens have four prices", () => {
  const million = 1e6 / 10;
  const fresh = prices.costOf(claude, usage(million, 0))!;
  const output = prices.costOf(claude, usage(0, million))!;
  const read = prices.costOf(claude, usage(0, 0, million))!;
  const write = prices.costOf(claude, usage(0, 0, 0, million))!;
  expect(read).toBeLessThan(fresh);
  expect(write).toBeGreaterThan(fresh);
  expect(output).toBeGreaterThan(write);
  expect(prices.costOf(claude, usage(1_000, 100, 500, 100))!).toBeCloseTo(
    (fresh * 1_000 + output * 100 + read * 500 + write * 100) / million,
    9,
  );
});

test("what is unknown is null, and never nothing", () => {
  expect(prices.costOf({ provider: "openai", name: "no-such-model" }, usage(1_000, 10))).toBeNull();
  expect(prices.costOf({ provider: "compatible", name: "gpt-5-mini" }, usage(1_000, 10))).toBeNull();
  expect(prices.costOf(claude, usage(null, 10))).toBeNull();
  expect(prices.costOf(claude, usage(10, null))).toBeNull();
  expect(prices.contextWindow({ provider: "compatible", name: "x" })).toBeNull();
});

test("an offer that is free costs nothing, and windows are known", () => {
  expect(
    prices.costOf({ provider: "openrouter", name: "meta-llama/llama-3.3-70b-instruct:free" }, usage(9, 9)),
  ).toBe(0);
  expect(prices.contextWindow(claude)).toBeGreaterThanOrEqual(200_000);
});
