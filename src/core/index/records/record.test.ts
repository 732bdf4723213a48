import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { languages } from "../../../extensions/languages/registry.generated.ts";
import { createSymbolReader } from "../symbols.ts";
import { type BlobRecord, decodeRecord, encodeRecord, type RecordColumns } from "./blob-record.ts";
import { buildRecord, toRecordInput } from "./build-record.ts";
import { createWordReader, hashTerm, splitWord } from "./words.ts";

const reader = createSymbolReader(languages);
const readWord = createWordReader();
beforeAll(async () => {
  for (const language of ["TypeScript", "Python", "Go"]) await reader.load(language);
});

function read(text: string, language: string | null): BlobRecord {
  const symbols =
    language !== null && reader.supports(language)
      ? reader.read(language, text, { maxBytes: 1e6, timeoutMs: 5_000 }).symbols
      : [];
  return decodeRecord(buildRecord(toRecordInput(text, language, symbols), readWord))!;
}

/** `name start-end` of every unit. */
function unitsOf(record: BlobRecord): readonly string[] {
  return record.names().map((name, at) => `${name} ${record.unitStarts[at]}-${record.unitEnds[at]}`);
}

function has(record: BlobRecord, word: string): boolean {
  return splitWord(word).every((term) => record.terms.hashes.includes(hashTerm(term)));
}

const python = [
  "import os",
  "",
  "",
  "# Reads.",
  '@route("/x")',
  "def read_file(path):",
  '    """\\',
  "    Opens \\",
  '    it."""',
  "    return open(path)",
  "",
  "",
  "class Имя:",
  "    def größe(self): return os.名前",
].join("\n");

describe("what a file's record says", () => {
  test.each([
    ["\n", ""],
    ["\n", "\n"],
    ["\r\n", ""],
    ["\r\n", "\r\n"],
  ])("lines end with %j, the file with %j", (newline, end) => {
    const record = read(python.replaceAll("\n", newline) + end, "Python");
    expect(unitsOf(record)).toEqual(["read_file 4-10", "Имя 13-14", "größe 14-14", " 1-1"]);
    expect(record.lines).toBe(14);
    for (const word of ["Opens", "Имя", "größe", "名前", "route"]) expect(has(record, word), word).toBe(true);
  });

  test("a byte order mark does not hide the first word", () => {
    const record = read("\ufefffunction first() {}\n", "TypeScript");
    expect(unitsOf(record)).toEqual(["first 1-1"]);
    expect(has(record, "function")).toBe(true);
  });

  test.each([
    ["", 0, []],
    ["\n", 1, []],
    ["\n\n \n", 3, []],
    ["a", 1, [" 1-1"]],
    ["a\n", 1, [" 1-1"]],
    ["\n\na\n\n", 4, [" 3-3"]],
    ["a\u2028b\rc\n", 1, [" 1-1"]],
    ["\ufffd\ufffd a\n", 1, [" 1-1"]],
  ])("%j has %i lines", (text, lines, units) => {
    const record = read(text, null);
    expect(record.lines).toBe(lines);
    expect(unitsOf(record)).toEqual(units);
  });

  test("definitions on one line", () => {
    const record = read(
      "function a() { one() } function b() { two() }\nclass C { m() {} n() {} }\n",
      "TypeScript",
    );
    expect(record.names().filter((name) => name !== "")).toEqual(["a", "b", "C", "m", "n"]);
    expect([...record.unitParents]).toEqual([-1, -1, -1, 2, 2]);
    expect(has(record, "one") && has(record, "two")).toBe(true);
  });

  test("of a long text the beginning is read, its lines are all counted, and definitions beyond are none", () => {
    const text = `${"func a() {}\n".repeat(100_000)}func last() {}\n`;
    const symbols = [
      { kind: "function", name: "a", line: 1, endLine: 1, complexity: 1 },
      { kind: "function", name: "last", line: 100_001, endLine: 100_001, complexity: 1 },
    ] as const;
    const record = decodeRecord(buildRecord(toRecordInput(text, "Go", symbols), readWord))!;
    expect(record.lines).toBe(100_001);
    expect(record.names().filter((name) => name !== "")).toEqual(["a"]);
    expect(Math.max(...record.unitEnds)).toBeLessThan(100_000);
  });

  test("one line of a megabyte", () => {
    const record = read(`x = [${"123, abc, ".repeat(100_000)}]`, "Python");
    expect(record.lines).toBe(1);
    expect(has(record, "abc")).toBe(true);
  });

  test("mentions are what the code names, not keywords, comments and strings", () => {
    const record = read(
      `function f(): void {\n  // other\n  return call("text", value_1);\n}\n`,
      "TypeScript",
    );
    const mentions = [...record.mentions];
    for (const name of ["call", "value_1"]) expect(mentions).toContain(hashTerm(name));
    for (const name of ["return", "void", "other", "text"]) expect(mentions).not.toContain(hashTerm(name));
  });

  test("the same content gives the same bytes, whatever was read before", () => {
    const build = (readOne = createWordReader()): Uint8Array =>
      buildRecord(toRecordInput(python, "Python", []), readOne);
    const used = createWordReader();
    for (const word of python.split(/\W+/)) used(word);
    expect(build(used)).toEqual(build());
  });
});

const words32 = fc.uint32Array({ maxLength: 8 });
const columns = fc
  .record({
    units: fc.array(
      fc.record({
        name: fc.string({ unit: "grapheme" }).map((name) => name.replaceAll("\n", " ")),
        terms: fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.nat(255), fc.nat(255)), { maxLength: 4 }),
        mentions: words32,
        numbers: fc.array(fc.nat(), { minLength: 5, maxLength: 5 }),
        kind: fc.nat(4),
        parent: fc.integer({ min: -1, max: 5 }),
      }),
      { maxLength: 6 },
    ),
    terms: fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.nat(255), fc.nat(255)), { maxLength: 6 }),
    counts: fc.tuple(fc.nat(), fc.nat(), fc.nat()),
  })
  .map(({ units, terms, counts: [lines, codeWords, commentWords] }): RecordColumns => {
    const table = (rows: readonly (readonly number[])[]): RecordColumns["terms"] => ({
      hashes: Uint32Array.from(rows, (row) => row[0]!),
      code: Uint8Array.from(rows, (row) => row[1]!),
      comment: Uint8Array.from(rows, (row) => row[2]!),
      name: Uint8Array.from(rows, (row) => row[3]!),
    });
    const starts = (lengths: readonly number[]): Uint32Array =>
      Uint32Array.from([0, ...lengths], (_, at) => lengths.slice(0, at).reduce((sum, one) => sum + one, 0));
    const numbers = (at: number): Uint32Array => Uint32Array.from(units, (unit) => unit.numbers[at]!);
    return {
      lines,
      codeWords,
      commentWords,
      terms: table(terms),
      unitTerms: table(units.flatMap((unit) => unit.terms)),
      unitTermStarts: starts(units.map((unit) => unit.terms.length)),
      unitWords: numbers(0),
      unitKinds: Uint8Array.from(units, (unit) => unit.kind),
      unitStarts: numbers(1),
      unitLines: numbers(2),
      unitEnds: numbers(3),
      unitParents: Int32Array.from(units, (unit) => unit.parent),
      unitNames: numbers(4),
      mentions: Uint32Array.from(units.flatMap((unit) => [...unit.mentions])),
      mentionStarts: starts(units.map((unit) => unit.mentions.length)),
      names: units.map((unit) => unit.name),
    };
  });

describe("records as bytes", () => {
  test("come back as they were, from any place in a buffer", () => {
    fc.assert(
      fc.property(columns, fc.nat(7), (record, offset) => {
        const bytes = encodeRecord(record);
        const moved = Buffer.alloc(bytes.length + offset).subarray(offset);
        moved.set(bytes);
        const { names, ...decoded } = decodeRecord(moved)!;
        expect({ ...decoded, names: names() }).toEqual(record);
      }),
    );
  });

  test("are refused when bytes are missing, or too many", () => {
    fc.assert(
      fc.property(columns, fc.nat(), (record, some) => {
        const bytes = encodeRecord(record);
        expect(decodeRecord(bytes.subarray(0, some % bytes.length))).toBeNull();
        expect(decodeRecord(Uint8Array.of(...bytes, ...new Uint8Array(1 + (some % 9))))).toBeNull();
      }),
    );
    expect(decodeRecord(new Uint8Array(0))).toBeNull();
    expect(decodeRecord(Buffer.from("not a record at all, only some text of a page"))).toBeNull();
  });
});
