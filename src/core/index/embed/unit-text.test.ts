import { expect, test } from "vitest";
import type { SymbolFact } from "../../../contracts/file-facts.ts";
import { type BlobRecord, decodeRecord } from "../records/blob-record.ts";
import { buildRecord, toRecordInput } from "../records/build-record.ts";
import { createWordReader } from "../records/words.ts";
import type { IndexedFile } from "../search/search-index.ts";
import { scoreDense } from "../search/dense-scores.ts";
import { findCodeLines, hasText, isEmbedded, toUnitText } from "./unit-text.ts";

const recordOf = (text: string, language: string, symbols: readonly SymbolFact[]): BlobRecord =>
  decodeRecord(buildRecord(toRecordInput(text, language, symbols), createWordReader()))!;

const source = `import "b";

class Gate {
  // Lets nobody in
  // after closing time.
  open(hour) {

    return hour < 18; // late
  }
}
`;
const gate = recordOf(source, "JavaScript", [
  { name: "Gate", kind: "class", line: 3, endLine: 10, complexity: 0 },
  { name: "open", kind: "method", line: 6, endLine: 9, complexity: 1 },
]);
const lines = source.split("\n");

test("a piece is its path, its names and its lines, with the comment above, without blanks and indentation", () => {
  expect(toUnitText("src/gate.js", gate, 1, lines)).toBe(
    "src/gate.js\nGate.open\n// Lets nobody in\n// after closing time.\nopen(hour) {\n  return hour < 18; // late\n}",
  );
  expect(toUnitText("src/gate.js", gate, 1, lines, findCodeLines(source, "JavaScript"))).toBe(
    "src/gate.js\nGate.open\nopen(hour) {\n  return hour < 18; // late\n}",
  );
  // The import has too few words.
  expect([0, 1, 2].map((unit) => hasText(gate, unit))).toEqual([true, true, false]);
});

test("a long piece is cut, and never in the middle of a character", () => {
  const long = `const faces = [\n${`  'grin ${"😀".repeat(40)}',\n`.repeat(200)}];\n`;
  const record = recordOf(long, "JavaScript", []);
  for (const path of ["a.js", "ab.js", "abc.js"]) {
    const text = toUnitText(path, record, 0, long.split("\n"));
    expect(text.length).toBe(1_600);
    expect(text.isWellFormed()).toBe(true);
  }
});

test("tests, foreign, generated and data files, and what has no text, get no vectors", () => {
  const traits = { test: false, docs: false, vendored: false, generated: false, data: false };
  const file: IndexedFile = { path: "a.js", oid: "1", language: "JavaScript", record: gate, traits };
  expect(isEmbedded(file)).toBe(true);
  expect(isEmbedded({ ...file, traits: { ...traits, docs: true } })).toBe(true);
  for (const trait of ["test", "vendored", "generated", "data"] as const)
    expect(isEmbedded({ ...file, traits: { ...traits, [trait]: true } })).toBe(false);
  expect(isEmbedded({ ...file, record: null })).toBe(false);
});

test("the nearest is 1 and the last 0, for the piece and for its file, wherever the text stands", () => {
  const places = { a: [{ file: 1, unit: 2, units: 4 }], b: [{ file: 0, unit: 0, units: 1 }], c: [] };
  const near = [
    { hash: "a", similarity: 0.9 },
    { hash: "b", similarity: 0.75 },
    { hash: "c", similarity: 0.5 },
  ];
  const scores = scoreDense(near, (hash) => places[hash as "a"], 3);
  expect([...scores.files]).toEqual([0.625, 1, 0]);
  expect(scores.units).toEqual(
    new Map([
      [1, Float32Array.of(0, 0, 1, 0)],
      [0, Float32Array.of(0.625)],
    ]),
  );
  expect([...scoreDense(near.slice(0, 1), (hash) => places[hash as "a"], 2).files]).toEqual([0, 1]);
  expect(scoreDense([], () => [], 1)).toEqual({ files: new Float32Array(1), units: new Map() });
});
