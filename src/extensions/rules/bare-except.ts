import { defineRule } from "../../contracts/review-rule.ts";

export default defineRule({
  id: "bare-except",
  kind: "syntax",
  title: "Bare except",
  severity: "warning",
  category: "bug",
  confidence: "high",
  message: "`except:` catches everything, also Ctrl+C and the end of the program.",
  why: "`KeyboardInterrupt` and `SystemExit` end here, so that the program cannot be stopped while it is in this block.",
  docs: "Finds `except:` without a type whose block does not raise again. Write `except Exception:`, or the errors that are meant.",
  queries: [{ languages: ["python"], query: "(except_clause . (block) @block) @finding" }],
  check({ node, capture }) {
    const block = capture("block")!.text;
    if (/^\s*raise\b/m.test(block) || /\b(sys\.exit|os\._exit|exc_info|set_exception)\b/.test(block))
      return null;
    const line = node.startPosition.row + 1;
    return { line, endLine: line };
  },
  examples: {
    bad: [{ "shop/cart.py": "try:\n    charge(card)\nexcept:\n    log('failed')\n" }],
    good: [
      { "shop/cart.py": "try:\n    charge(card)\nexcept:\n    undo()\n    raise\n" },
      { "shop/cart.py": "try:\n    charge(card)\nexcept OSError:\n    log('failed')\n" },
    ],
  },
});
