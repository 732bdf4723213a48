import { expect, test } from "vitest";
import { changeFromExample } from "../../../test/support/change-example.ts";
import type { ChangeExample } from "../../contracts/review-rule.ts";
import { languages } from "../../extensions/languages/registry.generated.ts";
import { createAstGrep } from "./ast-grep.ts";

const { signal } = new AbortController();
const timeoutMs = 30_000;
const notes: string[] = [];
const check = (rules: string, example: ChangeExample, limit = timeoutMs, given = signal) => {
  const linter = createAstGrep({ rules: new Map([["rules/own.yml", rules]]), languages, timeoutMs: limit });
  return linter.check(
    changeFromExample(example).files.filter((file) => linter.accepts(file)),
    given,
    (text) => notes.push(text),
  );
};

test("rules with everything that ast-grep's have", async () => {
  const found = await check(
    `
id: no-old-call
language: ts
message: Call $B instead of oldCall with $$$ARGS
note: It is gone in 3.0.
severity: error
metadata: { category: bug }
rule:
  any:
    - pattern: oldCall($A, $$$ARGS)
    - matches: renamed
constraints:
  A: { regex: "^[a-z]+$" }
utils:
  renamed: { pattern: "veryOldCall($A, $$$ARGS)" }
transform:
  B: { replace: { source: $A, replace: "^x", by: "y" } }
fix: |
  newCall(
    $B, $$$ARGS)
files: ["src/**"]
ignores: ["src/old/**"]
---
id: no-print
language: Python
rule: { pattern: print($$$) }
---
id: quiet
language: go
severity: off
rule: { pattern: a }
---
id: no-unwrap
language: rust
severity: warning
message: No unwrap
rule: { pattern: $A.unwrap() }
`,
    {
      "src/a.ts":
        "// 😀 ü\n{\n  const x = oldCall(xab, 1, [2]);\n  oldCall(AB, 1);\n  veryOldCall(q, 2);\n}\n",
      "src/old/b.ts": "oldCall(a, 1);\n",
      "lib/c.ts": "oldCall(a, 1);\n",
      "d.py": ["print(1)\n", "print(1)\nprint(2,\n 3)\n"],
      "e.rs": "fn main() { a().unwrap(); }\n",
      "f.md": "print(1)\n",
    },
  );
  expect(
    found.map(({ path, line, endLine, rule, severity }) => `${path}:${line}-${endLine} ${rule} ${severity}`),
  ).toEqual([
    "src/a.ts:3-3 ast-grep/no-old-call error",
    "src/a.ts:5-5 ast-grep/no-old-call error",
    "d.py:2-3 ast-grep/no-print info",
    "e.rs:1-1 ast-grep/no-unwrap warning",
  ]);
  expect(found[0]).toMatchObject({
    category: "bug",
    message: "Call yab instead of oldCall with 1, [2]",
    why: "It is gone in 3.0.",
    suggestion: "  const x = newCall(\n    yab, 1, [2]);",
  });
  expect(found[2]).toMatchObject({
    suggestion: null,
    message: "no-print",
    why: "The rule no-print of this repository says so.",
  });
});

test.each([
  ["id: a\nlanguage: ts\nrule: { pattern: 'f(' , kind: nope }", /rules\/own\.yml, rule a: .*`nope`/],
  ["id: a\nlanguage: Klingon\nrule: { pattern: f }", /rules\/own\.yml, rule a: .*Klingon/],
  ["id: a\nlanguage: ts\nrule: { patern: f }", /rules\/own\.yml, rule a: .*patern/],
  ["id: a\nlanguage: ts\nrule: { regex: '(' }", /rules\/own\.yml, rule a: .*unclosed group/],
  ["id: a\nlanguage: ts", /rules\/own\.yml, rule a: rule: /],
  ["id: a\nlanguage: ts\nrule: { pattern: f }\nseverity: fatal", /rules\/own\.yml, rule a: severity: /],
  ["id: a\nlanguage: [", /rules\/own\.yml, rule 1: /],
  ["- a\n- b", /rules\/own\.yml, rule 1: /],
  [
    "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]",
    /rules\/own\.yml, rule 1: .*alias/,
  ],
])("a wrong rule is named: %s", async (rules, message) => {
  await expect(check(rules, { "a.ts": "f(1)\n" })).rejects.toMatchObject({
    code: "linter-failed",
    message: expect.stringMatching(message) as string,
  });
});

test("wrong rules do not hold up the others", async () => {
  const found = await check(
    "id: a\nlanguage: js\nrule: { pattern: f($A) }\n---\nid: b\nlanguage: js\nrule: { regex: '(' }\n---\nid: c\nlanguage: Klingon\nrule: { pattern: f }\n",
    { "a.js": "f(1);\n", "b.md": "f(1)\n" },
  );
  expect(found.map(({ rule, path }) => `${rule} ${path}`)).toEqual(["ast-grep/a a.js"]);
  expect(notes).toEqual([
    expect.stringMatching(
      /^Some rules of ast-grep are wrong and did not run\..* rule c: .*Klingon.* rule b: .*group/,
    ),
  ]);
});

test("ends with the time and with the review, and outlives hostile files", async () => {
  const rule = "id: a\nlanguage: js\nrule: { pattern: f($A), inside: { pattern: g($$$), stopBy: end } }";
  await expect(check(rule, { "a.js": "f(1)\n" }, 1)).rejects.toMatchObject({ code: "time-limit" });
  await expect(check(rule, { "a.js": "f(1)\n" }, timeoutMs, AbortSignal.abort())).rejects.toMatchObject({
    code: "cancelled",
  });
  const found = await check(rule, {
    "deep.js": "g(".repeat(20_000),
    "nul.js": "f(\u0000)",
    "b.js": "g(() => { f(1) });\n",
    __proto__: "f(1)",
  });
  expect(found.map(({ path }) => path)).toContain("b.js");
});

test("its version stands for its rules", () => {
  const versionOf = (text: string): string =>
    createAstGrep({ rules: new Map([["a.yml", text]]), languages, timeoutMs }).version;
  expect(versionOf("id: a")).toBe(versionOf("id: a"));
  expect(versionOf("id: a")).not.toBe(versionOf("id: b"));
});
