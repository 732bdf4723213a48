import { expect, test } from "vitest";
import { hasNameLeak, maskQuery } from "./splits.ts";

test.each([
  ["fix(parser): read numbers", "src/parser.ts", true],
  ["Parsers read numbers", "src/parser.ts", true],
  ["Read numbers", "src/parser.ts", false],
  ["Read dotted", "config/.eslintrc.json", false],
  ["Change .eslintrc", "config/.eslintrc.json", true],
  ["Go on", "cmd/go.go", false],
])("%s names %s: %s", (message, path, expected) => {
  expect(hasNameLeak(message, ["other/file.c", path])).toBe(expected);
});

test("identifiers and words of paths are taken out of a masked question", () => {
  expect(
    maskQuery(
      "Let parseHeader refuse HTTP2 frames that are too long in server/frame.go for the net_poll loop",
      ["server/frames.go", "lib/HeaderLoop.go"],
    ),
  ).toBe("Let refuse that are too long in for the");
  expect(maskQuery("Refuse numbers which overflow.", ["src/parser.ts"])).toBe(
    "Refuse numbers which overflow.",
  );
});

test("a question of which too little is left is none", () => {
  expect(maskQuery("Fix parser_state", ["src/main.c"])).toBeNull();
  expect(maskQuery("Refuse the main loop", ["src/main.c", "src/loop.c"])).toBeNull();
  expect(maskQuery("Refuse long loops", ["src/main.c"])).toBe("Refuse long loops");
});
