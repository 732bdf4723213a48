import { describe, expect, test } from "vitest";
import type { LineCounts } from "../../contracts/file-facts.ts";
import { type FileTraits, summariseLanguages } from "./languages.ts";

const ten: LineCounts = { code: 6, comments: 3, blanks: 1 };

function file(
  language: string | null,
  sizeBytes: number,
  traits: Partial<Omit<FileTraits, "entry" | "facts">> = {},
): FileTraits {
  return {
    entry: { path: `x${sizeBytes}`, oid: "0", kind: "file", sizeBytes },
    facts: {
      language,
      reason: { strategy: "extension", detail: "" },
      binary: language === null,
      generated: false,
      minified: false,
      lfsPointer: false,
      lines: language === null ? null : ten,
    },
    vendored: false,
    generated: false,
    documentation: false,
    detectable: undefined,
    ...traits,
  };
}

const shares = (...files: readonly FileTraits[]) =>
  Object.fromEntries(summariseLanguages(files).map((language) => [language.name, language.share]));

describe("share", () => {
  test("is percent of bytes, of programming and markup only", () => {
    expect(shares(file("Go", 300), file("HTML", 100), file("JSON", 900), file("Markdown", 900))).toEqual({
      Go: 75,
      HTML: 25,
      JSON: 0,
      Markdown: 0,
    });
  });

  test.each(["vendored", "generated", "documentation"] as const)("leaves %s files out", (trait) => {
    expect(shares(file("Go", 100), file("C", 900, { [trait]: true }))).toEqual({ Go: 100, C: 0 });
  });

  test("obeys linguist-detectable both ways", () => {
    expect(shares(file("Go", 100), file("JSON", 300, { detectable: true }))).toEqual({ Go: 25, JSON: 75 });
    expect(shares(file("Go", 100), file("C", 300, { detectable: false }))).toEqual({ Go: 100, C: 0 });
    expect(shares(file("Go", 100), file("JSON", 300, { detectable: true, vendored: true }))).toMatchObject({
      JSON: 0,
    });
  });

  test("of a dialect goes to its group, which is there even without files of its own", () => {
    expect(summariseLanguages([file("TSX", 300), file("Go", 100)])).toMatchObject([
      { name: "TypeScript", files: 0, bytes: 0, share: 75 },
      { name: "Go", share: 25 },
      { name: "TSX", files: 1, bytes: 300, share: 0 },
    ]);
  });

  test("of nothing is nothing", () => {
    expect(shares(file("JSON", 10), file("Go", 0))).toEqual({ JSON: 0, Go: 0 });
    expect(summariseLanguages([])).toEqual([]);
  });
});

test("counts hold every text file, whatever counts in the shares", () => {
  const [go] = summariseLanguages([
    file("Go", 100),
    file("Go", 50, { vendored: true }),
    file(null, 70),
    { ...file("Go", 10), facts: undefined },
  ]);
  expect(go).toEqual({
    name: "Go",
    files: 2,
    bytes: 150,
    code: 12,
    comments: 6,
    blanks: 2,
    share: 100,
    color: "#00ADD8",
  });
});

test("most share first, then most bytes, then by name", () => {
  const files = [file("YAML", 5), file("C", 10), file("JSON", 9), file("Go", 10), file("TOML", 5)];
  expect(summariseLanguages(files).map((language) => language.name)).toEqual([
    "C",
    "Go",
    "JSON",
    "TOML",
    "YAML",
  ]);
});
