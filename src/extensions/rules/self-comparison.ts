import { defineRule } from "../../contracts/review-rule.ts";
import { ecmascript } from "./shared/ecmascript.ts";

const operators = `["==" "!=" "<" ">" "<=" ">="]`;

export default defineRule({
  id: "self-comparison",
  kind: "syntax",
  title: "Comparison with itself",
  severity: "warning",
  category: "bug",
  confidence: "high",
  roles: ["code", "example"],
  message: "Both sides of the comparison are the same.",
  why: "The answer is known before it is asked; one side was meant to be something else.",
  docs: "Finds comparisons whose two sides are written the same. Calls are left alone, because two of them may answer differently, and so are `x != x` and `x == x` of a name alone, which is how one asks for NaN.",
  // The sides are read in `check`: with patterns for them, compiling the queries takes several times as long.
  queries: [
    {
      languages: ecmascript,
      query: `(binary_expression operator: ["==" "!=" "===" "!==" "<" ">" "<=" ">="]) @finding`,
    },
    {
      languages: ["go", "java", "csharp", "c", "cpp", "rust", "php"],
      query: `(binary_expression operator: ${operators}) @finding`,
    },
    { languages: ["python"], query: `(comparison_operator operators: ${operators}) @finding` },
    { languages: ["ruby"], query: `(binary operator: ${operators}) @finding` },
  ],
  check({ node }) {
    const [side, other, third] = node.namedChildren;
    if (side === undefined || third !== undefined || side.text !== other?.text) return null;
    if (/[(]|\+\+|--/.test(side.text)) return null;
    const isEquality = /[=!]=/.test(node.text.slice(side.text.length, node.text.length - side.text.length));
    // `x != x` asks for NaN; a path such as `a.b` seldom does, and a constant compared with itself switches code on or off.
    if (isEquality && /^\$?\w+$/.test(side.text)) return null;
    if (/^[\d"'`]/.test(side.text) || /nan/i.test(node.parent?.parent?.text.slice(0, 300) ?? "")) return null;
    return { message: `\`${side.text.replace(/\s+/g, " ").slice(0, 60)}\` is compared with itself.` };
  },
  examples: {
    bad: [
      { "src/cart.js": "export const isSame = (a, b) => a.id === a.id;\n" },
      { "shop/cart.go": "package shop\n\nfunc same(a, b Item) bool { return a.id == a.id }\n" },
      { "shop/cart.py": "def same(a, b):\n    return a.id == a.id\n" },
      { "src/Cart.java": "class Cart {\n  boolean same(Item a, Item b) { return a.id == a.id; }\n}\n" },
    ],
    good: [
      {
        "src/cart.js":
          "export const isNumber = (a) => a === a;\nexport const isSame = (a, b) => a.id === b.id || next() === next();\n",
      },
      { "shop/cart.py": "def same(a, b):\n    return a.id == b.id\n" },
    ],
  },
});
