import * as fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { bar, fit, fitPath, pad, paint, sparkline } from "../../../base/style.ts";
import { table } from "./table.ts";

const plain = { columns: 80, hasColor: false };
const colored = { columns: 80, hasColor: true };
const family = "👩‍👧";

describe("fit", () => {
  test.each([
    ["short", 10, "short"],
    ["exactly", 7, "exactly"],
    ["too long", 7, "too lo…"],
    ["漢字漢字", 8, "漢字漢字"],
    ["漢字漢字", 7, "漢字漢…"],
    ["漢字漢字", 6, "漢字…"],
    [family.repeat(3), 5, `${family.repeat(2)}…`],
    ["❤️❤️❤️", 4, "❤️…"],
    ["\u001b[31mred", 20, String.raw`\x1b[31mred`],
    ["two\nlines", 20, String.raw`two\nlines`],
    ["abc", 1, "…"],
  ])("%j in %d columns is %j", (text, width, expected) => {
    expect(fit(text, width)).toBe(expected);
  });

  test("a path keeps its end", () => {
    expect(fitPath("src/features/analyze/analyze.ts", 14)).toBe("…ze/analyze.ts");
    expect(fitPath("src/a.ts", 14)).toBe("src/a.ts");
    expect(fitPath("文書/使い方.md", 8)).toBe("…い方.md");
    expect(fitPath(`a${family}`, 2)).toBe("…");
  });

  test("nothing is ever wider than asked for, whatever the text", () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
        fc.constantFrom(family, "漢", "❤️", "🇩🇪", "1️⃣", "\u001b", "\u0301"),
      ),
    });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 30 }), (value, width) => {
        for (const shorten of [fit, fitPath]) {
          expect(stringWidth(shorten(value, width))).toBeLessThanOrEqual(width);
          expect(shorten(value, width)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        }
      }),
    );
  });
});

test("pad counts columns, not characters, and escape codes not at all", () => {
  expect(pad("ab", 5)).toBe("ab   ");
  expect(pad("ab", 5, "right")).toBe("   ab");
  expect(pad("漢", 5)).toBe("漢   ");
  expect(pad(family, 5, "right")).toBe(`   ${family}`);
  expect(pad(paint(colored, "red", "ab"), 5)).toBe("\u001b[31mab\u001b[39m   ");
  expect(pad("longer", 3)).toBe("longer");
});

test("paint writes escape codes only where there is colour and text", () => {
  expect(paint(colored, "bold", "x")).toBe("\u001b[1mx\u001b[22m");
  expect(paint(colored, "bold", "")).toBe("");
  expect(paint(plain, "bold", "x")).toBe("x");
});

describe("bar", () => {
  test.each([
    [0, 10, ""],
    [1, 10, "██████████"],
    [0.5, 4, "██"],
    [0.5, 1, "▌"],
    [0.0001, 10, "▏"],
    [2, 3, "███"],
    [-1, 3, ""],
    [0.99, 2, "██"],
  ])("%d of %d columns", (fraction, width, expected) => {
    expect(bar(fraction, width)).toBe(expected);
  });
});

describe("sparkline", () => {
  test.each([
    [[0, 1, 2, 3, 4, 5, 6, 7, 8], 9, " ▂▃▄▅▆▇██"],
    [[1, 0, 1], 3, "█ █"],
    [[1, 1, 3, 1], 2, "▅█"],
    [[5], 10, "█"],
    [[0, 0], 2, "  "],
    [[], 10, ""],
    [[1000, 1], 2, "█▁"],
  ])("%j in %d columns", (values, width, expected) => {
    expect(sparkline(values, width)).toBe(expected);
  });

  test("a week that stands alone in a long history is seen", () => {
    const values = Array.from({ length: 3_000 }, (_, index) => (index === 1_500 ? 1 : 0));
    expect(sparkline(values, 70).trim()).toBe("█");
    expect(sparkline(values, 70)).toHaveLength(70);
  });
});

describe("table", () => {
  const rows = [
    { name: "a", count: 5, path: "src/deep/down/here.ts" },
    { name: "漢字の長い名前です", count: 1200, path: "x" },
  ];
  type Row = (typeof rows)[number];
  const columns = [
    { text: (row: Row) => row.name, shorten: fit, most: 12 },
    { text: (row: Row) => String(row.count), side: "right" as const, tone: "red" as const },
    { text: (row: Row) => row.path, shorten: fitPath },
    { text: () => "extra", isExtra: true as const },
  ];

  test("columns are aligned, whatever the script", () => {
    expect(table(rows, columns, plain)).toEqual([
      "  a                5  src/deep/down/here.ts  extra",
      "  漢字の長い…   1200  x                      extra",
    ]);
  });

  test("where room is missing, the widest is shortened and then what is extra goes", () => {
    expect(table(rows, columns, { ...plain, columns: 43 })).toEqual([
      "  a                5  …/down/here.ts  extra",
      "  漢字の長い…   1200  x               extra",
    ]);
    expect(table(rows, columns, { ...plain, columns: 36 })).toEqual([
      "  a                5  …/down/here.ts",
      "  漢字の長い…   1200  x",
    ]);
  });

  test("colour changes no width, and no row has no lines", () => {
    expect(table(rows, columns, colored)[0]).toBe(
      "  a                \u001b[31m5\u001b[39m  src/deep/down/here.ts  extra",
    );
    expect(table([], columns, plain)).toEqual([]);
  });
});
