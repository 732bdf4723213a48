import { expect, test } from "vitest";
import type { SymbolFact, SymbolKind } from "../../contracts/file-facts.ts";
import { summariseSymbols } from "./symbols.ts";

const symbol = (
  kind: SymbolKind,
  name: string,
  line: number,
  endLine: number,
  complexity = 0,
): SymbolFact => ({
  kind,
  name,
  line,
  endLine,
  complexity,
});

function file(path: string, language: string, ...symbols: readonly SymbolFact[]) {
  return { path, language, symbols: { symbols, environment: [] } };
}

test("symbols are counted by language, methods with the functions", () => {
  const summary = summariseSymbols([
    file("a.go", "Go", symbol("function", "f", 1, 10, 4), symbol("type", "T", 11, 12)),
    file(
      "b.ts",
      "TypeScript",
      symbol("class", "C", 1, 9),
      symbol("method", "m", 2, 8, 2),
      symbol("function", "g", 9, 9, 1),
    ),
    file("c.ts", "TypeScript"),
  ]);
  expect(summary).toMatchObject({ functions: 3, classes: 1, types: 1, filesParsed: 3 });
  expect(summary.byLanguage).toEqual([
    { language: "TypeScript", functions: 2, classes: 1, types: 0, meanComplexity: 1.5 },
    { language: "Go", functions: 1, classes: 0, types: 1, meanComplexity: 4 },
  ]);
});

test("the hardest and the longest come first, each with its place", () => {
  const summary = summariseSymbols([
    file("a", "Go", symbol("function", "hard", 1, 5, 9), symbol("function", "long", 10, 99, 2)),
    file("b", "Go", symbol("function", "hardAndLonger", 1, 6, 9)),
  ]);
  expect(summary.mostComplex.map((entry) => entry.name)).toEqual(["hardAndLonger", "hard", "long"]);
  expect(summary.largest.map((entry) => entry.name)).toEqual(["long", "hardAndLonger", "hard"]);
  expect(summary.mostComplex[0]).toEqual({
    path: "b",
    name: "hardAndLonger",
    line: 1,
    endLine: 6,
    lines: 6,
    complexity: 9,
  });
});

test("at most fifty are named, all are counted", () => {
  const many = Array.from({ length: 80 }, (_, index) => symbol("function", `f${index}`, index, index, index));
  const summary = summariseSymbols([file("a", "C", ...many)]);
  expect(summary.functions).toBe(80);
  expect(summary.mostComplex).toHaveLength(50);
  expect(summary.largest).toHaveLength(50);
});

test("no files have no symbols", () => {
  expect(summariseSymbols([])).toMatchObject({
    functions: 0,
    filesParsed: 0,
    byLanguage: [],
    mostComplex: [],
  });
});
