import { expect, test } from "vitest";
import { changeFromExample } from "../../../../test/support/change-example.ts";
import { firstPlace } from "./changed-lines.ts";

test.each([
  ["a\n", "a\n\n\nb\n", { line: 4 }],
  ["a\nb\n", "a\n\n", { line: 2, side: "old" }],
  ["a\n", "a\n\n", { line: 2 }],
  ["a\n\nb\n", "a\nb\n", { line: 2, side: "old" }],
])("%j → %j is shown where it says something", (before, after, place) => {
  expect(firstPlace(changeFromExample({ "a.txt": [before, after] }).files[0]!)).toEqual(place);
});
