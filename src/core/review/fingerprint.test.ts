import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { RawFinding } from "../../contracts/finding.ts";
import { parseDiff } from "../diff/parse-diff.ts";
import { fingerprintFindings } from "./fingerprint.ts";

const noDiff = parseDiff("diff --git a/x b/x\nold mode 100644\nnew mode 100755\n").files[0]!;

function finding(line: number, more: Partial<RawFinding> = {}): RawFinding {
  return {
    rule: "no-console",
    severity: "warning",
    category: "maintenance",
    path: "x",
    line,
    endLine: line,
    side: "new",
    message: `A console call in line ${line}.`,
    why: "It writes to the terminal.",
    suggestion: null,
    source: "rules",
    confidence: "high",
    ...more,
  };
}

const inLines = (lines: readonly string[], ...findings: readonly RawFinding[]): readonly string[] =>
  fingerprintFindings(findings, { file: (path) => (path === "x" ? { lines, diff: noDiff } : undefined) });

test("a name depends on rule, path, side, text and number among equals, and on nothing else", () => {
  const lines = ["log(a)", "log(b)", "log(a)", ""];
  const all = inLines(
    lines,
    finding(3),
    finding(1),
    finding(2),
    finding(1, { rule: "other" }),
    finding(1, { endLine: 2 }),
    finding(1, { subject: "log(a)" }),
    finding(4, { message: "one" }),
    finding(4, { message: "two" }),
    finding(1, { path: "y", message: "in a file that nobody read" }),
  );
  expect(new Set(all).size).toBe(all.length);
  expect(all.every((name) => /^[0-9a-f]{32}$/.test(name))).toBe(true);
  // From the top of the file, however they were handed over.
  const [third, first] = all;
  expect(inLines(lines, finding(1), finding(3))).toEqual([first, third]);
  expect(
    inLines(["", "  log(a)\t\r", "x"], finding(2, { message: "said otherwise", severity: "error" })),
  ).toEqual([first]);
  expect(inLines(lines, finding(9, { message: "line 9 of 12" }))).toEqual(
    inLines(lines, finding(8, { message: "line 8 of 11" })),
  );
});

test("lines that were removed are named by their text too", () => {
  const at = (start: number): readonly string[] => {
    const diff = parseDiff(`--- a/x\n+++ b/x\n@@ -${start},2 +${start} @@\n a\n-assert(b)\n`).files[0]!;
    return fingerprintFindings([finding(start + 1, { side: "old" }), finding(start, { side: "old" })], {
      file: () => ({ lines: ["assert(b)"], diff }),
    });
  };
  expect(at(5)).toEqual(at(70));
  expect(new Set([...at(5), ...inLines(["assert(b)"], finding(1))]).size).toBe(3);
});

test("names outlive what happens elsewhere in the file", () => {
  const word = fc.constantFrom("log(a)", "log(b)", "}", "", "return a", "if (a) {");
  const edit = fc.record({
    at: fc.nat(60),
    removed: fc.nat(3),
    added: fc.array(fc.string({ maxLength: 9 }), { maxLength: 5 }),
  });
  const blanks = fc.constantFrom("", " ", "\t", "\r");
  let kept = 0;
  let all = 0;
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 5, maxLength: 60 }),
      fc.array(edit, { maxLength: 6 }),
      blanks,
      (words, edits, blank) => {
        // Each line carries where it came from; an edit never touches one that has a finding.
        let lines: { text: string; origin: number }[] = words.map((text, origin) => ({ text, origin }));
        const isFound = ({ text }: { readonly text: string }): boolean => text.trim().startsWith("log(");
        const name = (
          now: readonly { readonly text: string; readonly origin: number }[],
        ): Map<number, string> => {
          const found = now.flatMap((line, index) => (line.origin >= 0 && isFound(line) ? [index] : []));
          const names = inLines(
            now.map((line) => line.text),
            ...found.map((index) => finding(index + 1)),
          );
          return new Map(found.map((index, nth) => [now[index]!.origin, names[nth]!]));
        };
        const before = name(lines);
        for (const { at, removed, added } of edits) {
          const gone = lines.slice(at, at + removed).some(isFound) ? 0 : removed;
          const fresh = added.map((text) => ({ text, origin: -1 }));
          lines = [...lines.slice(0, at), ...fresh, ...lines.slice(at + gone)];
        }
        const after = name(lines.map((line) => ({ ...line, text: blank + line.text + blank })));
        for (const [origin, was] of before) {
          all++;
          if (after.get(origin) === was) kept++;
        }
        expect(new Set(before.values()).size).toBe(before.size);
      },
    ),
    { numRuns: 300 },
  );
  expect(all).toBeGreaterThan(1_000);
  expect(kept / all).toBeGreaterThanOrEqual(0.99);
});
