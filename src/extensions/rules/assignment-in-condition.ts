import { defineRule } from "../../contracts/review-rule.ts";
import { ecmascript } from "./shared/ecmascript.ts";

export default defineRule({
  id: "assignment-in-condition",
  kind: "syntax",
  title: "Assignment as a condition",
  severity: "warning",
  category: "bug",
  confidence: "medium",
  message: "The condition assigns a constant, so its answer is always the same.",
  why: "It was meant to compare, and it changes the variable.",
  docs: "Finds `if (a = 1)`: conditions that are an assignment of a constant. An assignment of a call, as in `while (line = read())`, has a meaning and is left alone.",
  queries: [
    {
      languages: ecmascript,
      query:
        "(if_statement condition: (parenthesized_expression (assignment_expression right: [(number) (string) (true) (false) (null) (undefined)]) @finding))",
    },
    {
      languages: ["php"],
      query:
        "(if_statement condition: (parenthesized_expression (assignment_expression right: [(integer) (string) (boolean) (null) (encapsed_string)]) @finding))",
    },
    {
      languages: ["c"],
      query:
        "(if_statement condition: (parenthesized_expression (assignment_expression right: (number_literal)) @finding))",
    },
    {
      languages: ["cpp"],
      query:
        "(if_statement condition: (condition_clause value: (assignment_expression right: (number_literal)) @finding))",
    },
    {
      languages: ["ruby"],
      query:
        "(if condition: (assignment right: [(integer) (string) (true) (false) (nil) (simple_symbol)]) @finding)",
    },
  ],
  examples: {
    bad: [
      { "src/cart.js": "if (state = 'open') close();\n" },
      { "src/cart.php": "<?php\nif ($state = 1) {\n    close();\n}\n" },
      { "src/cart.c": "int close(int state) {\n  if (state = 1) return 0;\n  return 1;\n}\n" },
      { "lib/cart.rb": "if state = 1\n  close\nend\n" },
    ],
    good: [{ "src/cart.js": "if (state === 'open') close();\nif ((found = find(state))) close(found);\n" }],
  },
});
