import { defineRule, type ReviewedFile } from "../../contracts/review-rule.ts";

const longestColumns = 120;
const tabColumns = 4;
/** So many such lines that were there before make it a habit. */
const habit = 2;
/** Markup, styles and prose break lines by other rules than code. */
const languages = new Set(
  "JavaScript TypeScript TSX Python Go Java Rust Ruby PHP Shell C# Kotlin Swift C C++ Scala Dart Lua Elixir".split(
    " ",
  ),
);
/** Lines that cannot be broken, or that nobody breaks. */
const unbreakable =
  /https?:\/\/|^\s*(import|from|use|require|package|include|#include|export \* from|export \{)\b|^\s*(\/\/|#|\*|--|\/\*)|^\s*@\w+|\bregex|RegExp|re\.compile/;

function isMostlyOneText(line: string): boolean {
  const text = line.trim();
  const longest = Math.max(
    0,
    ...[...text.matchAll(/"[^"]*"|'[^']*'|`[^`]*`|\/[^/\s]+\//g)].map(([part]) => part.length),
  );
  return longest > 50 || !/\s/.test(text) || (text.match(/,/g)?.length ?? 0) > 14 || /^["'`|]/.test(text);
}

function tooManyColumns(text: string): number | null {
  if (text.length <= longestColumns / tabColumns || text.length > 2_000) return null;
  const columns = text.replaceAll("\t", " ".repeat(tabColumns)).length;
  return columns <= longestColumns || unbreakable.test(text) || isMostlyOneText(text) ? null : columns;
}

/** Whether its authors have written such lines before, so that this is no slip. */
function isHabit(file: ReviewedFile): boolean {
  const isNew = new Set(file.added);
  let found = 0;
  for (const [at, text] of file.lines.entries())
    if (!isNew.has(at + 1) && tooManyColumns(text) !== null && ++found === habit) return true;
  return false;
}

export default defineRule({
  id: "long-line",
  kind: "file",
  title: "Line over 120 columns",
  severity: "info",
  category: "style",
  confidence: "high",
  message: `The line is longer than ${longestColumns} columns.`,
  why: "Side by side views of changes cut it off.",
  docs: "Counts a tab as four columns. Lines that cannot be broken (addresses, imports, long texts, comments, tables) do not count, nor do data, markup and prose, and files that have such lines already are left as they are. Switch it off where a formatter decides.",
  check(file) {
    if (!languages.has(file.language ?? "")) return [];
    const hits = file.added.flatMap((line) => {
      const columns = tooManyColumns(file.lines[line - 1] ?? "");
      if (columns === null) return [];
      return [
        { line, message: `The line has ${columns} columns; more than ${longestColumns} are hard to read.` },
      ];
    });
    return hits.length > 0 && isHabit(file) ? [] : hits;
  },
  examples: {
    bad: [
      {
        "src/cart.js":
          "export const total = items.filter((item) => item.isOpen && item.price > 0).map((item) => item.price * item.count).reduce((a, b) => a + b, 0);\n",
      },
    ],
    good: [
      {
        "src/cart.js": `// see https://example.org/${"a".repeat(120)}\nconst text = "${"word ".repeat(30)}";\n`,
      },
      {
        "src/cart.js": [
          "const a = sum(first, second, third, fourth, fifth) + sum(first, second, third, fourth, fifth) + sum(first, second, third, fourth);\n".repeat(
            2,
          ),
          "const a = sum(first, second, third, fourth, fifth) + sum(first, second, third, fourth, fifth) + sum(first, second, third, fourth);\n".repeat(
            3,
          ),
        ],
      },
      { "docs/cart.md": `${"word ".repeat(60)}\n` },
      { "src/cart.js": `import { ${"aaaaaaaaa, ".repeat(12)} } from "./a.js";\n` },
    ],
  },
});
