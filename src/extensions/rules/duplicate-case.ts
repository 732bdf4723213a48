import { defineRule, type SyntaxNode } from "../../contracts/review-rule.ts";
import { ecmascript } from "./shared/ecmascript.ts";

const maxCases = 400;

/** What cases of the same switch before this one ask for. */
function earlier(node: SyntaxNode): readonly string[] {
  const texts: string[] = [];
  let at = node.previousNamedSibling;
  for (let step = 0; at !== null && step < maxCases; step++, at = at.previousNamedSibling)
    texts.push(valueOf(at));
  return texts;
}

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
    { languages: ecmascript, query: "(switch_body (switch_case) @finding)" },
    { languages: ["php"], query: "(switch_block (case_statement) @finding)" },
    { languages: ["ruby"], query: "(case value: (_) (when) @finding)" },
  ],
  check({ node, file }) {
    const value = valueOf(node);
    const line = node.startPosition.row + 1;
    if (value === "" || value === "true" || !file.isAdded(line, line) || !earlier(node).includes(value))
      return null;
    return {
      line,
      endLine: line,
      message: `\`${value.slice(0, 60)}\` stands in an earlier case, so this one is never reached.`,
    };
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
