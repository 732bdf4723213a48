import { describe, expect, test } from "vitest";
import type { ContentFacts, SymbolFacts } from "../../contracts/file-facts.ts";
import type { TreeEntry, Warning } from "../../contracts/repository.ts";
import { capWarnings, fileWarnings } from "./warnings.ts";

const entry: TreeEntry = { path: "a/b", oid: "0123456789abcdef", kind: "file", sizeBytes: 1 };
const content: ContentFacts = {
  language: null,
  reason: { strategy: "none", detail: "" },
  binary: false,
  generated: false,
  minified: false,
  lfsPointer: false,
  lines: null,
};

function codes(
  given: Partial<TreeEntry>,
  facts: { content?: Partial<ContentFacts>; problem?: SymbolFacts["problem"] } = {},
): string[] {
  const symbols = facts.problem ? { symbols: [], environment: [], problem: facts.problem } : undefined;
  const found = { content: facts.content ? { ...content, ...facts.content } : undefined, symbols };
  return fileWarnings([{ ...entry, ...given }], () => found).map((warning) => {
    expect(warning.path).toBe("a/b");
    return warning.code;
  });
}

test("what is odd about a file has a code", () => {
  expect(codes({})).toEqual([]);
  expect(codes({}, { content: {} })).toEqual([]);
  expect(codes({ kind: "submodule", sizeBytes: 0 })).toEqual(["submodule"]);
  expect(codes({ sizeBytes: -1 })).toEqual(["missing-blob"]);
  expect(codes({}, { content: { lfsPointer: true } })).toEqual(["lfs-pointer"]);
  expect(codes({}, { content: { minified: true } })).toEqual(["minified-file"]);
  expect(codes({}, { content: {}, problem: "too-large" })).toEqual(["huge-file"]);
  expect(codes({}, { content: {}, problem: "parse-time-out" })).toEqual(["parse-time-out"]);
  expect(codes({}, { content: {}, problem: "parse-failed" })).toEqual(["parse-failed"]);
});

describe("a list of warnings stays readable", () => {
  const many = (code: string, count: number): Warning[] =>
    Array.from({ length: count }, (_, index) => ({ code, message: String(index), path: `p${index}` }));

  test("twenty of a kind are listed", () => {
    expect(capWarnings(many("a", 20))).toEqual(many("a", 20));
  });

  test("the rest is a number, per kind, and kinds stand together", () => {
    const capped = capWarnings([...many("a", 25), ...many("b", 1), ...many("a", 10)]);
    expect(capped.map((warning) => warning.code)).toEqual([...Array.from({ length: 21 }, () => "a"), "b"]);
    expect(capped[20]).toEqual({ code: "a", message: "… and 15 more of this kind." });
  });
});
