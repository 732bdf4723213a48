import { defineRule } from "../../contracts/review-rule.ts";

const longestColumns = 120;
const tabColumns = 4;
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

export default defineRule({
  id: "long-line",
  kind: "file",
  title: "Line over 120 columns",
  severity: "info",
  category: "style",
  confidence: "high",
  message: `The line is longer than ${longestColumns} columns.`,
  why: "Side by side views of changes cut it off.",
  docs: "Counts a tab as four columns. Lines that cannot be broken (addresses, imports, long texts, comments, tables) do not count, nor do data, markup and prose. Switch it off where a formatter decides.",
  check(file) {
    if (!languages.has(file.language ?? "")) return [];
    return file.added.flatMap((line) => {
      const text = file.lines[line - 1] ?? "";
      if (text.length <= longestColumns / tabColumns || text.length > 2_000) return [];
      const columns = text.replaceAll("\t", " ".repeat(tabColumns)).length;
      if (columns <= longestColumns || unbreakable.test(text) || isMostlyOneText(text)) return [];
      return [
        { line, message: `The line has ${columns} columns; more than ${longestColumns} are hard to read.` },
      ];
    });
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
      { "docs/cart.md": `${"word ".repeat(60)}\n` },
      { "src/cart.js": `import { ${"aaaaaaaaa, ".repeat(12)} } from "./a.js";\n` },
    ],
  },
});
