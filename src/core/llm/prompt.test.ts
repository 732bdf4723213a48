import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { readPrompt } from "./prompt.ts";

const file = pathToFileURL(join(mkdtempSync(join(tmpdir(), "repowright-prompt-")), "a.md"));
writeFileSync(file, "Look at {{what}}.\n\n{{what}} it is.\n");

test("values are put in as they are: what looks like a place in them is none", () => {
  expect(readPrompt(file, { what: "$& {{what}}" })).toBe("Look at $& {{what}}.\n\n$& {{what}} it is.");
});

test("a missing value and one without a place are bugs", () => {
  expect(() => readPrompt(file)).toThrow("what");
  expect(() => readPrompt(file, { what: "", more: "" })).toThrow("more");
});
