import { defineRule } from "../../contracts/review-rule.ts";

export default defineRule({
  id: "todo-comment",
  kind: "syntax",
  title: "TODO in a comment",
  severity: "info",
  category: "maintenance",
  confidence: "high",
  roles: ["code", "test"],
  message: "A comment says that something is still to be done.",
  why: "What stands only in a comment is found by nobody; an issue is.",
  docs: "Finds comments that begin with TODO, FIXME, XXX or HACK and name no issue. For information only. Switch it off where such comments are how work is planned.",
  queries: [
    {
      languages: [
        "javascript",
        "typescript",
        "tsx",
        "python",
        "go",
        "ruby",
        "php",
        "bash",
        "csharp",
        "c",
        "cpp",
        "swift",
        "lua",
        "elixir",
      ],
      query: `((comment) @finding (#match? @finding "\\\\b(TODO|FIXME|XXX|HACK)\\\\b"))`,
    },
    {
      languages: ["kotlin"],
      query: `([(line_comment) (multiline_comment)] @finding (#match? @finding "\\\\b(TODO|FIXME|XXX|HACK)\\\\b"))`,
    },
    {
      languages: ["java", "rust"],
      query: `([(line_comment) (block_comment)] @finding (#match? @finding "\\\\b(TODO|FIXME|XXX|HACK)\\\\b"))`,
    },
  ],
  check({ node, file }) {
    const lines = node.text.split("\n");
    for (const [index, line] of lines.entries()) {
      const found = /^[\s/*#;<!-]*(TODO|FIXME|XXX|HACK)\b(?!\w)/.exec(line);
      const number = node.startPosition.row + 1 + index;
      if (found === null || !file.isAdded(number, number)) continue;
      if (/#\d+|https?:\/\/|\b[A-Z][A-Z0-9]+-\d+\b|\bissue\b/i.test(line)) continue;
      return { line: number, endLine: number, message: `A comment says ${found[1]}.` };
    }
    return null;
  },
  examples: {
    bad: [
      { "src/cart.js": "// TODO: discounts\nexport const total = 0;\n" },
      { "shop/cart.py": "# FIXME rounding\ntotal = 0\n" },
      { "src/cart.rs": "// TODO discounts\nfn total() {}\n" },
      { "shop/cart.go": "package shop\n\n/*\n * TODO discounts\n */\nfunc Total() {}\n" },
    ],
    good: [
      { "src/cart.js": "// TODO(#123): discounts\nexport const todo = 'TODO';\n" },
      { "shop/cart.py": "# See https://example.org/issues/4\ntotal = 0\n" },
      { "src/todo.js": "// Renders the TODO list.\nexport const list = [];\n" },
    ],
  },
});
