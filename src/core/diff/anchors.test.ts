import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createAnchors, type Side } from "./anchors.ts";
import { parseDiff } from "./parse-diff.ts";

const hunks = [
  "@@ -3,3 +3,4 @@",
  " three",
  "-four",
  "+vier",
  "+fünf",
  " six",
  "@@ -20,2 +21,0 @@",
  "-gone",
  "-gone",
  "@@ -40,3 +39,4 @@",
  " a",
  "+b",
  " c",
  " d",
];
const diff = parseDiff(
  ["diff --git a/old.ts b/new.ts", "rename from old.ts", "rename to new.ts", "--- a/old.ts", "+++ b/new.ts"]
    .concat(hunks, "diff --git a/i.png b/i.png", "Binary files a/i.png and b/i.png differ", "")
    .join("\n"),
);
const anchors = createAnchors(diff);

test.each<
  [path: string, side: Side, line: number, endLine: number, isTaken: boolean, nearest: string | null]
>([
  ["new.ts", "new", 3, 6, true, "3-6"],
  ["new.ts", "new", 4, 4, true, "4-4"],
  ["new.ts", "new", 2, 4, false, "3-4"],
  ["new.ts", "new", 4, 90, false, "4-6"],
  ["new.ts", "new", 5, 90, false, "39-42"],
  ["new.ts", "new", 6, 90, false, "39-42"],
  ["new.ts", "new", 7, 38, false, null],
  ["new.ts", "new", 21, 22, false, null],
  ["new.ts", "new", 43, 43, false, null],
  ["new.ts", "new", 5, 4, false, null],
  ["new.ts", "new", 0, 3, false, "3-3"],
  ["new.ts", "old", 3, 5, true, "3-5"],
  ["new.ts", "old", 6, 6, false, null],
  ["new.ts", "old", 20, 21, true, "20-21"],
  ["new.ts", "old", 1, 99, false, "20-21"],
  ["new.ts", "old", 42, 42, true, "42-42"],
  ["old.ts", "old", 4, 4, false, "4-4"],
  ["i.png", "new", 1, 1, false, null],
  ["other.ts", "new", 3, 3, false, null],
])("%s %s %d-%d", (path, side, line, endLine, isTaken, nearest) => {
  expect(anchors.canAnchor(path, side, line, endLine)).toBe(isTaken);
  const found = anchors.nearest(path, side, line, endLine);
  expect(found && `${found.line}-${found.endLine}`).toBe(nearest);
  expect(found ?? { path: "new.ts", oldPath: "old.ts" }).toMatchObject({ path: "new.ts", oldPath: "old.ts" });
});

test("what is taken is what one hunk shows, line by line, and the nearest place is always taken", () => {
  const shown = (side: Side, line: number): number =>
    diff.files[0]!.hunks.findIndex((hunk) =>
      hunk.lines.some((each) => (side === "new" ? each.newLine : each.oldLine) === line),
    );
  const place = fc.tuple(fc.constantFrom<Side>("new", "old"), fc.nat(50), fc.nat(20));
  fc.assert(
    fc.property(place, ([side, line, more]) => {
      const isShown = shown(side, line) >= 0 && shown(side, line) === shown(side, line + more);
      expect(anchors.canAnchor("new.ts", side, line, line + more)).toBe(isShown);
      const near = anchors.nearest("new.ts", side, line, line + more);
      expect(near === null || anchors.canAnchor(near.path, near.side, near.line, near.endLine)).toBe(true);
      const isAnyShown = Array.from({ length: more + 1 }, (_, index) => shown(side, line + index)).some(
        (at) => at >= 0,
      );
      expect(near !== null).toBe(isAnyShown);
    }),
    { numRuns: 300 },
  );
});
