import { defineRule, type ReviewedFile, type RuleHit } from "../../contracts/review-rule.ts";
import { firstPlace } from "./shared/changed-lines.ts";

const leastLines = 5;

export default defineRule({
  id: "untested-change",
  kind: "change",
  title: "Code changed, its tests did not",
  severity: "info",
  category: "test",
  confidence: "low",
  message: "This file has tests, and they were not changed with it.",
  why: "Either the tests already say what is new, or nothing does.",
  docs: "At least five lines of code were added to a file that has a test file of its own name, no test in the whole change was touched. Only mentioned: a change that keeps its behaviour needs no other tests.",
  examples: {
    bad: [
      {
        "src/price.ts": [
          "export const a = 1;\n",
          "export const a = 1;\nexport function b() {\n  const x = 1;\n  const y = 2;\n  const z = 3;\n  return x + y + z;\n}\n",
        ],
        "src/price.test.ts": ["test('a');\n", "test('a');\n"],
      },
    ],
    good: [
      {
        "src/price.ts": [
          "export const a = 1;\n",
          "export const a = 1;\nexport function b() {\n  const x = 1;\n  const y = 2;\n  const z = 3;\n  return x + y + z;\n}\n",
        ],
        "src/price.test.ts": ["test('a');\n", "test('a');\ntest('b');\n"],
      },
      {
        "src/price.ts": ["export const a = 1;\n", "export const a = 2;\n"],
        "src/price.test.ts": ["test('a');\n", "test('a');\n"],
      },
      {
        "src/price.ts":
          "export function b() {\n  const x = 1;\n  const y = 2;\n  const z = 3;\n  return x + y + z;\n}\n",
      },
    ],
  },
  async check(change) {
    if (change.files.some(({ role }) => role === "test")) return [];
    const changed = change.files.filter(
      ({ role, diff, added }) => role === "code" && diff.status === "modified" && added.length >= leastLines,
    );
    const paths = changed.length === 0 ? null : await change.paths();
    if (paths === null) return [];
    const tests = new Set(paths.flatMap((path) => testedName(path) ?? []));
    const hits: RuleHit[] = [];
    for (const file of changed) {
      const place = firstPlace(file);
      if (place !== null && tests.has(nameOf(file.path)) && codeLines(file) >= leastLines)
        hits.push({ path: file.path, ...place, subject: file.path });
    }
    return hits;
  },
});

/** `lib/price.ts` → `price.ts`. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).toLowerCase();
}

/** Name of the file that a test file is about; undefined when it is none. */
function testedName(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const match =
    /^(.+)[._-](?:test|tests|spec)(\.\w+)$/.exec(name) ??
    /^test_(.+)(\.py)$/.exec(name) ??
    /^(.+?)(?:Tests?|Spec|IT)(\.(?:java|kt|cs|scala|php|swift|groovy))$/.exec(name);
  return match === null ? undefined : `${match[1]}${match[2]}`.toLowerCase();
}

function codeLines(file: ReviewedFile): number {
  return file.added.filter((line) => /^\s*[^\s/#*{}()[\];,-]/.test(file.lines[line - 1] ?? "")).length;
}
