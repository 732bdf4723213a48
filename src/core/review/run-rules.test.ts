import { expect, test } from "vitest";
import { changeFromExample } from "../../../test/support/change-example.ts";
import type { LanguageDefinition } from "../../contracts/language.ts";
import { defineRule, type ChangeExample, type RuleDefinition } from "../../contracts/review-rule.ts";
import { createReviewedFile } from "./reviewed-file.ts";
import { createRuleRunner } from "./run-rules.ts";

const javascript: LanguageDefinition = {
  id: "javascript",
  languages: ["JavaScript"],
  grammar: "@vscode/tree-sitter-wasm/wasm/tree-sitter-javascript.wasm",
  symbols: "",
  environment: [],
};
const words = {
  title: "A title",
  severity: "warning",
  category: "bug",
  confidence: "high",
  message: "Message.",
  why: "Why.",
  docs: "Docs.",
  examples: { bad: [], good: [] },
} as const;
const calls = defineRule({
  ...words,
  id: "calls",
  kind: "syntax",
  queries: [{ languages: ["javascript"], query: "(call_expression function: (identifier) @name) @finding" }],
  check: ({ capture }) => ({ message: `Calls ${capture("name")!.text}.` }),
});
const emptyBlocks = defineRule({
  ...words,
  id: "empty-blocks",
  kind: "syntax",
  queries: [{ languages: ["javascript"], query: '(statement_block . "{" . "}") @finding' }],
});
const { signal } = new AbortController();
const isOn = (): boolean => true;

async function say(rules: readonly RuleDefinition[], example: ChangeExample): Promise<readonly string[]> {
  const { findings, notes } = await createRuleRunner(rules, [javascript]).run(
    changeFromExample(example),
    signal,
    { isOn },
  );
  return [
    ...findings.map((found) => `${found.rule} ${found.path}:${found.line}-${found.endLine} ${found.message}`),
    ...notes,
  ];
}

test("a match counts on added lines only, and each pattern belongs to its rule", async () => {
  const before = "one();\n\ntwo();\n";
  expect(
    await say([calls, emptyBlocks], { "a.js": [before, "one();\nthree(\n  1,\n);\nif (x) {}\ntwo();\n"] }),
  ).toEqual(["calls a.js:2-4 Calls three.", "empty-blocks a.js:5-5 Message."]);
});

test("a match that begins on an old line is shown from its first added line", async () => {
  expect(await say([calls], { "a.js": ["one(\n  1,\n  2,\n);\n", "one(\n  1,\n  3,\n);\n"] })).toEqual([
    "calls a.js:3-4 Calls one.",
  ]);
});

test("added lines far apart are found by ranges as they are in the whole file", async () => {
  const old = Array.from({ length: 400 }, (_, index) => `a${index}();`);
  const lines = old.map((line, index) => (index % 37 === 5 ? `x = { c: b${index}() };` : line));
  const expected = lines.flatMap((line, index) => (old[index] === line ? [] : [`Calls b${index}.`]));
  const change = changeFromExample({ "a.js": `${lines.join("\n")}\n` });
  const whole = change.files[0]!;
  const isNew = (line: number): boolean => old[line - 1] !== lines[line - 1];
  const file = {
    ...whole,
    lines,
    added: whole.added.filter(isNew),
    isAdded: (first: number, last: number) => {
      for (let line = first; line <= last; line++) if (isNew(line)) return true;
      return false;
    },
  };
  const { findings } = await createRuleRunner([calls], [javascript]).run(
    { ...change, files: [file] },
    signal,
    { isOn },
  );
  expect(findings.map(({ message }) => message)).toEqual(expected);
});

test("of a bare patch nothing is said that rests on lines that it does not show", async () => {
  const line = (kind: "context" | "added", text: string, newLine: number) =>
    ({ kind, text, oldLine: kind === "added" ? null : newLine, newLine, hasNoNewline: false }) as const;
  const change = changeFromExample({ "a.js": "x\n" });
  const hunk = { oldStart: 1, oldLines: 1, newStart: 1, newLines: 2, heading: "" };
  const diff = {
    ...change.files[0]!.diff,
    status: "modified" as const,
    hunks: [
      { ...hunk, lines: [line("added", "if (a) {", 1)] },
      { ...hunk, newStart: 9, lines: [line("context", "}", 9), line("added", "if (b) {}", 10)] },
    ],
  };
  const file = createReviewedFile(diff, null, {});
  const { findings } = await createRuleRunner([emptyBlocks], [javascript]).run(
    { ...change, files: [file] },
    signal,
    { isOn },
  );
  expect(findings.map((found) => found.line)).toEqual([10]);
});

test("a rule that fails is a note, and the others go on", async () => {
  const broken = defineRule({
    ...calls,
    id: "broken",
    check: () => {
      throw new Error("no idea");
    },
  });
  const brokenFile = defineRule({
    ...words,
    id: "broken-file",
    kind: "file",
    check: () => {
      throw new Error("no idea");
    },
  });
  const brokenChange = defineRule({
    ...words,
    id: "broken-change",
    kind: "change",
    check: () => Promise.reject(new Error("no idea")),
  });
  expect(await say([broken, brokenFile, brokenChange, calls], { "a.js": "one();\ntwo();\n" })).toEqual([
    "calls a.js:1-1 Calls one.",
    "calls a.js:2-2 Calls two.",
    "The rule broken-file failed at a.js: no idea",
    "The rule broken failed at a.js: no idea",
    "The rule broken-change failed: no idea",
  ]);
});

test("a query that does not fit its grammar is a note", async () => {
  const wrong = defineRule({
    ...emptyBlocks,
    queries: [{ languages: ["javascript"], query: "(no_such_node) @finding" }],
  });
  expect(await say([wrong], { "a.js": "one();\n", "b.js": "two();\n" })).toEqual([
    expect.stringMatching(/^Rules about the syntax of JavaScript were not run: .*no_such_node/),
  ]);
});

test("what is switched off, other roles and broken code are silent; the rest can be stopped", async () => {
  const example = { "a.js": "one();\n", "test/a.test.js": "two();\n", "b.js": "function ( { three(; \n" };
  expect(await say([calls], example)).toEqual(["calls a.js:1-1 Calls one."]);
  const runner = createRuleRunner([calls], [javascript]);
  expect((await runner.run(changeFromExample(example), signal, { isOn: () => false })).findings).toEqual([]);
  await expect(
    runner.run(changeFromExample(example), AbortSignal.abort(new Error("stopped")), { isOn }),
  ).rejects.toThrow("stopped");
});

test("a file or a change that takes too long is cut and noted", async () => {
  let time = 0;
  const limits = {
    maxFileLength: 1_000_000,
    fileTimeoutMs: 5,
    changeTimeoutMs: 30,
    maxFindingsPerRuleAndFile: 100,
  };
  const runner = createRuleRunner([calls], [javascript], { now: () => (time += 10), limits });
  const { notes } = await runner.run(
    changeFromExample({
      "a.js": "one(two(three()));\n".repeat(5_000),
      "b.js": "one();\n",
      "c.js": "one();\n",
    }),
    signal,
    { isOn },
  );
  expect(notes).toEqual([
    "a.js took longer than 5 ms to parse; rules about syntax saw part of it.",
    "After 30 ms 2 files were left unparsed; rules about syntax did not see them.",
  ]);
});
