import { defineRule } from "../../contracts/review-rule.ts";

export default defineRule({
  id: "none-comparison",
  kind: "syntax",
  title: "Comparison with None by value",
  severity: "info",
  category: "bug",
  confidence: "medium",
  message: "`None` is compared by value; `is` compares what it is.",
  why: "A class may answer `== None` as it likes, and arrays answer it once for each element.",
  docs: "Finds `== None` and `!= None` in Python. Queries of SQLAlchemy and Django mean it so, therefore it is for information only.",
  queries: [{ languages: ["python"], query: `(comparison_operator operators: ["==" "!="] (none)) @finding` }],
  check: ({ node }) =>
    /\b(filter|where|query|select|having|case)\b/.test(node.parent?.parent?.text.slice(0, 200) ?? "")
      ? null
      : {},
  examples: {
    bad: [{ "shop/cart.py": "def is_open(cart):\n    return cart.closed_at == None\n" }],
    good: [{ "shop/cart.py": "def is_open(cart):\n    return cart.closed_at is None\n" }],
  },
});
