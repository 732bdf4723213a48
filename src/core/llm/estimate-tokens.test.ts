import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { estimateTokens } from "./estimate-tokens.ts";

test("rather too many than too few", () => {
  // By the tokenisers of today: about 3.3 letters to a token in TypeScript, 4.5 in English, 1 to 1.5 tokens to a Han letter.
  const code = readFileSync(new URL("./estimate-tokens.ts", import.meta.url), "utf8");
  expect(estimateTokens([code])).toBeGreaterThan(code.length / 3.3);
  expect(estimateTokens([code])).toBeLessThan(code.length / 2);
  expect(estimateTokens(["日本語のテキスト"])).toBeGreaterThanOrEqual(8);
  expect(estimateTokens([])).toBe(0);
});
