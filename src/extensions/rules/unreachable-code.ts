import { defineRule, type SyntaxNode } from "../../contracts/review-rule.ts";
import { ecmascript } from "./shared/ecmascript.ts";

/** Declarations are known before they are reached, labels and cases are reached from elsewhere. */
const hoisted =
  /function|class|interface|type_alias|enum|comment|label|case|declaration_list|const_item|use_declaration|_item$|preproc|empty_statement|import|else|elsif|rescue|ensure|when|default|namespace|attribute/;

/** Whether the statement ends its block for good. */
function leaves(node: SyntaxNode): boolean {
  if (
    /^(return_statement|throw_statement|raise_statement|break_statement|continue_statement|return)$/.test(
      node.type,
    )
  )
    return true;
  return (
    node.type === "expression_statement" &&
    /^(return_expression|throw_expression|break_expression|continue_expression)$/.test(
      node.namedChildren[0]?.type ?? "",
    )
  );
}

export default defineRule({
  id: "unreachable-code",
  kind: "syntax",
  title: "Code that is never reached",
  severity: "warning",
  category: "bug",
  confidence: "high",
  message: "This is never reached: the statement before it leaves the block.",
  why: "It looks as if it happened, and it does not.",
  docs: "Finds statements right after `return`, `throw`, `raise`, `break` or `continue` in the same block. Functions and types, which are known before they are reached, are left alone, and so are generators that `yield` after a `return` in Python.",
  queries: [
    {
      languages: ecmascript,
      query:
        "(statement_block [(return_statement) (throw_statement) (break_statement) (continue_statement)] @leaving . (_) @finding)",
    },
    {
      languages: ["python"],
      query:
        "(block [(return_statement) (raise_statement) (break_statement) (continue_statement)] @leaving . (_) @finding)",
    },
    {
      languages: ["go"],
      query:
        "(statement_list [(return_statement) (break_statement) (continue_statement)] @leaving . (_) @finding)",
    },
    {
      languages: ["php"],
      query:
        "(compound_statement [(return_statement) (break_statement) (continue_statement)] @leaving . (_) @finding)",
    },
  ],
  check({ node, capture, languageId, file }) {
    // Of a bare patch the brackets and indents that end blocks may be missing.
    if (!file.isWhole) return null;
    if (hoisted.test(node.type) || !leaves(capture("leaving")!)) return null;
    // `var` is hoisted too, and without a value it does nothing anyway.
    if (node.type === "variable_declaration" && !node.text.includes("=")) return null;
    if (languageId === "python" && /^(yield|raise NotImplementedError|\(yield)/.test(node.text)) return null;
    // Two statements on one line come from code that was written by a program.
    if (node.startPosition.row === capture("leaving")!.endPosition.row) return null;
    return {};
  },
  examples: {
    bad: [
      { "src/cart.js": "function total(items) {\n  return items.length;\n  log(items);\n}\n" },
      { "shop/cart.py": "def total(items):\n    raise ValueError(items)\n    return 0\n" },
      {
        "shop/cart.go":
          "package shop\n\nfunc total(items []Item) int {\n\treturn len(items)\n\tlog(items)\n}\n",
      },
      { "src/cart.php": "<?php\nfunction total($items) {\n    return count($items);\n    log($items);\n}\n" },
    ],
    good: [
      {
        "src/cart.js":
          "function total(items) {\n  return add(items);\n  function add(list) {\n    return list.length;\n  }\n}\n",
      },
      { "shop/cart.py": "def total(items):\n    if not items:\n        return 0\n    return len(items)\n" },
      { "shop/cart.py": "def none():\n    return\n    yield\n" },
    ],
  },
});
