import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SearchIndex } from "../../core/index/search/search-index.ts";
import { readCitations, strikeWrong } from "./citations.ts";

const lines: Readonly<Record<string, number>> = {
  "src/a.ts": 40,
  "a.ts": 5,
  "app/[slug]/page.tsx": 9,
  "docs/my file (1).md": 3,
  "src/r&d/x=y.go": 7,
  Makefile: 20,
  "src/größe.py": 8,
  "empty.py": 0,
};
const index = {
  files: Object.entries(lines).map(([path, count]) => ({ path, record: { lines: count } })),
} as unknown as SearchIndex;

/** `path:start-end`, with `!` before what does not exist. */
function cited(text: string): readonly string[] {
  return readCitations(text, index, []).map(
    ({ path, startLine, endLine, exists }) => `${exists ? "" : "!"}${path}:${startLine}-${endLine}`,
  );
}

describe("places that a text cites", () => {
  const cases: readonly (readonly [text: string, places: readonly string[]])[] = [
    ["It is in src/a.ts:1-4.", ["src/a.ts:1-4"]],
    [
      "`src/a.ts:12`, (src/a.ts:13) and [src/a.ts:14–15]",
      ["src/a.ts:12-12", "src/a.ts:13-13", "src/a.ts:14-15"],
    ],
    ["`src/a.ts`:3-4 and **src/a.ts**:5", ["src/a.ts:3-4", "src/a.ts:5-5"]],
    ["./src/a.ts:2 src\\a.ts:3", ["src/a.ts:2-2", "src/a.ts:3-3"]],
    ["src/a.ts#L3-L9, src/a.ts:L2", ["src/a.ts:3-9", "src/a.ts:2-2"]],
    ["src/a.ts:40-41", ["!src/a.ts:40-41"]],
    ["src/a.ts:0", ["!src/a.ts:0-0"]],
    ["src/a.ts:9-3", ["!src/a.ts:9-3"]],
    ["src/b.ts:1", ["!src/b.ts:1-1"]],
    ["empty.py:1", ["!empty.py:1-1"]],
    ["See src/a.ts:12\n- 5 items", ["src/a.ts:12-12"]],
    ["src/a.ts:12 - 3 times", ["src/a.ts:12-12"]],
    ["in app/[slug]/page.tsx:1-9", ["app/[slug]/page.tsx:1-9"]],
    ["see docs/my file (1).md:2", ["docs/my file (1).md:2-2"]],
    ["src/r&d/x=y.go:7", ["src/r&d/x=y.go:7-7"]],
    ["the Makefile:20", ["Makefile:20-20"]],
    ["src/größe.py:8", ["src/größe.py:8-8"]],
    ["xsrc/a.ts:1", ["!xsrc/a.ts:1-1"]],
    ["src/a.ts:12a src/a.ts:x", []],
    ["at 12:30 on localhost:3000, http:80, https://example.org/a.js:12, 1.5:2", []],
    ["src/a.ts:1 src/a.ts:1-1 src/a.ts:1", ["src/a.ts:1-1"]],
    ["src/a.ts:12:5", ["src/a.ts:12-12"]],
    ["", []],
  ];
  test.each(cases)("%j", (text, places) => {
    expect(cited(text)).toEqual(places);
  });

  test("were shown where a line of them was", () => {
    const shown = [{ path: "src/a.ts", startLine: 5, endLine: 9 }];
    const wasShown = (text: string): readonly boolean[] =>
      readCitations(text, index, shown).map((citation) => citation.wasShown);
    expect(wasShown("src/a.ts:1-4 src/a.ts:1-5 src/a.ts:9-40 src/a.ts:10 a.ts:5")).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
  });
});

test("what does not exist is struck out, wherever it stands, and nothing else", () => {
  expect(strikeWrong("A (`src/a-b.ts:99-120`), src/a.ts:1, src/a.ts:41; **c/d_e.go**:3.", index)).toBe(
    "A (`[no such lines]`), src/a.ts:1, [no such lines]; **[no such lines].",
  );
  expect(strikeWrong("src/a.ts:99 and src/a.ts:9", index)).toBe("[no such lines] and src/a.ts:9");
  expect(strikeWrong("Nothing.", index)).toBe("Nothing.");
});

test("any text is read to its end, and what is left of it cites only what exists", () => {
  const words = fc.constantFrom(
    ...Object.keys(lines),
    ..."src/b.ts c.py : :12 -40 –9 ` ( ) [ ] # #L3 L \\ ./ . 7 ñ \n".split(" "),
    " ",
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 30 }), (parts) => {
      const left = strikeWrong(parts.join(""), index);
      expect(readCitations(left, index, []).filter(({ exists }) => !exists)).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});
