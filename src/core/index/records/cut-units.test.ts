import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SymbolFact } from "../../../contracts/file-facts.ts";
import { type LineTraits, type Unit, cutUnits } from "./cut-units.ts";

/** A letter a line: `.` blank, `c` code, `#` comment, `@` decorator, `}` neither. */
function traitsOf(lines: string): LineTraits {
  const holds = { ".": 0, c: 1, "#": 2, "@": 5, "}": 0 } as const;
  return {
    holds: Uint8Array.from([0, ...Array.from(lines, (letter) => holds[letter as keyof typeof holds])]),
    ink: Uint16Array.from([0, ...Array.from(lines, (letter) => (letter === "." ? 0 : 1))]),
  };
}

function symbol(
  name: string,
  line: number,
  endLine = line,
  kind: SymbolFact["kind"] = "function",
): SymbolFact {
  return { kind, name, line, endLine, complexity: 1 };
}

/** `name start-end`, with `(definition's line)` where it is another, `in parent`. */
function show(units: readonly Unit[]): readonly string[] {
  return units.map(({ name, kind, startLine, line, endLine, parent }) =>
    [
      name || kind,
      ` ${startLine}-${endLine}`,
      line === startLine ? "" : `(${line})`,
      parent < 0 ? "" : ` in ${units[parent]!.name}`,
    ].join(""),
  );
}

describe("units of a file", () => {
  const cases: readonly (readonly [string, string, readonly SymbolFact[], readonly string[]])[] = [
    ["nothing", "", [], []],
    ["only blank lines", "..", [], []],
    ["one line", "c", [], ["chunk 1-1"]],
    ["one definition of one line", "c", [symbol("f", 1)], ["f 1-1"]],
    ["comments directly above belong to it", ".##ccc", [symbol("f", 4, 6)], ["f 2-6(4)"]],
    ["comments with a blank line between do not", "##.cc", [symbol("f", 4, 5)], ["f 4-5", "chunk 1-2"]],
    ["decorators belong to it", "c.#@cc", [symbol("f", 5, 6)], ["f 3-6(5)", "chunk 1-1"]],
    ["a closing bracket above does not", "cc}#cc", [symbol("f", 5, 6)], ["f 4-6(5)", "chunk 1-3"]],
    [
      "of a comment without end the last lines do",
      `${"#".repeat(120)}c`,
      [symbol("f", 121)],
      ["f 71-121(121)", "chunk 1-50", "chunk 51-70"],
    ],
    ["code above does not", "cccc", [symbol("f", 3, 4)], ["f 3-4", "chunk 1-2"]],
    [
      "a comment between two belongs to the second",
      "cc#cc",
      [symbol("f", 1, 2), symbol("g", 4, 5)],
      ["f 1-2", "g 3-5(4)"],
    ],
    [
      "methods are in their class, and a comment at its top is not above it",
      "c#cccc",
      [symbol("A", 1, 6, "class"), symbol("m", 3, 4, "method")],
      ["A 1-6", "m 2-4(3) in A"],
    ],
    [
      "definitions side by side on one line are not in each other",
      "cc",
      [symbol("f", 1), symbol("g", 1), symbol("h", 2)],
      ["f 1-1", "g 1-1", "h 2-2"],
    ],
    [
      "a class of one line holds its methods",
      "c",
      [symbol("A", 1, 1, "class"), symbol("m", 1, 1, "method"), symbol("n", 1, 1, "method")],
      ["A 1-1", "m 1-1 in A", "n 1-1 in A"],
    ],
    [
      "one that begins on the last line of another is not in it",
      "ccccc",
      [symbol("f", 1, 3), symbol("g", 3, 5)],
      ["f 1-3", "g 3-5"],
    ],
    ["an end beyond the text", "cc", [symbol("f", 1, 9)], ["f 1-2"]],
    ["what begins beyond the text is left out", "cc", [symbol("f", 7, 9)], ["chunk 1-2"]],
    [
      "pieces are split where a definition is",
      "c.c.c",
      [symbol("f", 3)],
      ["f 3-3", "chunk 1-1", "chunk 5-5"],
    ],
    ["small paragraphs are one piece", "cc..cc.c", [], ["chunk 1-8"]],
    ["a long paragraph is cut", "c".repeat(120), [], ["chunk 1-50", "chunk 51-100", "chunk 101-120"]],
  ];
  test.each(cases)("%s", (_, lines, symbols, units) => {
    expect(show(cutUnits(symbols, traitsOf(lines)).units)).toEqual(units);
  });
});

test("every line with ink has one owner that reaches over it, and pieces never overlap", () => {
  const texts = fc
    .array(fc.constantFrom(...Array.from("ccc..#@}")), { maxLength: 160 })
    .map((letters) => letters.join(""));
  const symbols = fc
    .array(
      fc.record({
        line: fc.integer({ min: 1, max: 170 }),
        length: fc.integer({ min: 0, max: 60 }),
        kind: fc.constantFrom("function" as const, "method" as const, "class" as const, "type" as const),
      }),
      { maxLength: 25 },
    )
    .map((list) =>
      list
        .map(({ line, length, kind }, at) => symbol(`s${at}`, line, line + length, kind))
        .toSorted((a, b) => a.line - b.line || b.endLine - a.endLine),
    );
  fc.assert(
    fc.property(texts, symbols, (text, facts) => {
      const traits = traitsOf(text);
      const { units, owners } = cutUnits(facts, traits);
      expect(owners).toHaveLength(text.length + 1);
      const lines = Array.from(text, (_, at) => at + 1);
      const isOwned = (line: number): boolean => {
        const owner = units[owners[line]!];
        return owner === undefined
          ? owners[line] === -1 && text[line - 1] === "."
          : owner.startLine <= line && owner.endLine >= line;
      };
      expect(lines.filter((line) => !isOwned(line))).toEqual([]);
      for (const unit of units) {
        expect(unit.startLine).toBeGreaterThanOrEqual(1);
        expect(unit.line).toBeGreaterThanOrEqual(unit.startLine);
        expect(unit.endLine).toBeGreaterThanOrEqual(unit.line);
        expect(unit.endLine).toBeLessThanOrEqual(text.length);
        const outer = units[unit.parent] ?? unit;
        expect(outer.line).toBeLessThanOrEqual(unit.line);
        expect(outer.endLine).toBeGreaterThanOrEqual(unit.endLine);
      }
      let end = 0;
      for (const [at, piece] of units.entries()) {
        if (piece.kind !== "chunk") continue;
        expect(piece.startLine).toBeGreaterThan(end);
        end = piece.endLine;
        const inside = [...owners.subarray(piece.startLine, end + 1)];
        expect(inside.filter((owner) => owner !== at && owner !== -1)).toEqual([]);
      }
      expect(units.filter(({ kind }) => kind !== "chunk")).toHaveLength(
        facts.filter(({ line }) => line <= text.length).length,
      );
    }),
    { numRuns: 400 },
  );
});
