import { describe, expect, test } from "vitest";
import { handMadeAnalysis } from "../../../../test/support/hand-made-analysis.ts";
import { findPlace } from "./find-place.ts";

describe("a place is found by", () => {
  test.each([
    ["its path", "src/server", "src/server", true],
    ["its path in other letters", "SRC/Server/", "src/server", true],
    ["a path from the top", "./src/server/cart.ts", "src/server/cart.ts", true],
    ["the end of its path", "cart.ts", "src/server/cart.ts", true],
    ["a path with a typo", "src/server/crat.ts", "src/server/cart.ts", false],
    ["a folder with a typo", "src/sever/cart.ts", "src/server/cart.ts", false],
    [
      "a file that the report does not name, beside one of a name like it",
      "src/server/cost.ts",
      "src/server/cost.ts",
      true,
    ],
    ["a name with a typo", "indx.ts", "src/server/index.ts", false],
    [
      "a file that the report does not name, in a folder that it knows",
      "src/server/tax.ts",
      "src/server/tax.ts",
      true,
    ],
    ["the name of an area", "the server code", "src/server", false],
    ["an area in the plural", "the tests", "test", false],
    ["the name of a package", "@acme/cart", "packages/cart", true],
  ])("%s", (_, asked, path, isExact) => {
    expect(findPlace(asked, handMadeAnalysis)).toMatchObject({ path, isExact });
  });
});

test.each(["the parser", "src/other/tax.ts", "connections", "it", "the", ""])("%s is no place", (asked) => {
  expect(findPlace(asked, handMadeAnalysis)).toBeNull();
});
