import { defineRule, type SyntaxNode } from "../../contracts/review-rule.ts";
import { ecmascript } from "./shared/ecmascript.ts";

const maxCases = 2_000;

function valueOf(node: SyntaxNode): string {
  if (!/case|when|switch_block_statement_group/.test(node.type)) return "";
  const value = node.childForFieldName("value") ?? node.childForFieldName("pattern") ?? node.namedChildren[0];
  // With a guard the same value may come twice.
  return value === undefined || value === null || /\b(if|when)\b/.test(value.text)
    ? ""
    : value.text.replace(/\s+/g, " ");
}

export default defineRule({
  id: "duplicate-case",
  kind: "syntax",
  title: "The same case twice",
  severity: "warning",
  category: "bug",
  confidence: "high",
  message: "A case before this one has the same value, so this one is never reached.",
  why: "What stands here does not happen; another value was meant.",
  docs: "Finds a `case` whose value stands in an earlier `case` of the same `switch`, and the same `when` in Ruby. Languages whose compilers refuse it are left to them.",
  queries: [
    { languages: ecmascript, query: "(switch_body) @finding" },
    { languages: ["php"], query: "(switch_block) @finding" },
    { languages: ["ruby"], query: "(case value: (_)) @finding" },
  ],
  check({ node, file }) {
    const seen = new Set<string>();
    for (const branch of node.namedChildren.slice(0, maxCases)) {
      const value = valueOf(branch);
      const line = branch.startPosition.row + 1;
      if (value !== "" && value !== "true" && seen.has(value) && file.isAdded(line, line))
        return {
          line,
          endLine: line,
          message: `\`${value.slice(0, 60)}\` stands in an earlier case, so this one is never reached.`,
        };
      seen.add(value);
    }
    return null;
  },
  examples: {
    bad: [
      {
        "src/cart.js": "switch (state) {\n  case 'open':\n    return 1;\n  case 'open':\n    return 2;\n}\n",
      },
      {
        "src/cart.php":
          "<?php\nswitch ($state) {\n    case 1:\n        return 1;\n    case 1:\n        return 2;\n}\n",
      },
      { "lib/cart.rb": "case state\nwhen :open\n  1\nwhen :open\n  2\nend\n" },
    ],
    good: [
      {
        "src/cart.js":
          "switch (state) {\n  case 'open':\n  case 'new':\n    return 1;\n}\nswitch (other) {\n  case 'open':\n    return 2;\n}\n",
      },
    ],
  },
});
