import { defineRule } from "../../contracts/review-rule.ts";
import { ecmascript } from "./shared/ecmascript.ts";

export default defineRule({
  id: "skipped-test",
  kind: "syntax",
  title: "Skipped test",
  severity: "info",
  category: "test",
  confidence: "high",
  roles: ["test"],
  message: "This test is skipped, and nothing says why.",
  why: "A test without a reason to be skipped is never switched on again.",
  docs: "Finds tests that never run (`it.skip`, `xit`, `@Disabled`, `@Ignore`, `t.Skip()`, `#[ignore]`, `pytest.mark.skip`) and give no reason. A skip under a condition is not meant.",
  queries: [
    {
      languages: ecmascript,
      query: `
        ((call_expression function: (member_expression object: (identifier) @object property: (property_identifier) @name) arguments: (arguments . [(string) (template_string)])) @finding
          (#any-of? @object "it" "describe" "test" "suite" "context") (#eq? @name "skip"))
        ((call_expression function: (identifier) @name arguments: (arguments . [(string) (template_string)] . [(arrow_function) (function_expression)])) @finding (#any-of? @name "xit" "xdescribe" "xtest"))`,
    },
    {
      languages: ["python"],
      query: `
        ((decorator (attribute) @name) @finding (#match? @name "^(pytest\\\\.mark\\\\.skip|unittest\\\\.skip)$"))
        ((decorator (call function: (attribute) @name arguments: (argument_list . ")"))) @finding (#eq? @name "pytest.mark.skip"))`,
    },
    {
      languages: ["java"],
      query: `((marker_annotation name: (identifier) @name) @finding (#any-of? @name "Disabled" "Ignore"))`,
    },
    {
      languages: ["rust"],
      query: `((attribute_item (attribute . (identifier) @name .)) @finding (#eq? @name "ignore"))`,
    },
    {
      languages: ["go"],
      query: `(function_declaration body: (block (statement_list . (expression_statement (call_expression function: (selector_expression field: (field_identifier) @name) arguments: (argument_list . "(" . ")")) @finding) (#any-of? @name "Skip" "SkipNow"))))`,
    },
  ],
  check({ node, file }) {
    const line = node.startPosition.row + 1;
    const near = file.lines.slice(Math.max(0, line - 2), line);
    return near.some((text) => /(\/\/|#|\/\*|\*)\s*\w/.test(text.replace(/#\[/g, "")))
      ? null
      : { line, endLine: line };
  },
  examples: {
    bad: [
      { "test/cart.test.ts": "it.skip('adds', () => {});\n" },
      { "test/test_cart.py": "@pytest.mark.skip\ndef test_total():\n    pass\n" },
      { "src/test/java/CartTest.java": "class CartTest {\n  @Disabled\n  void adds() {}\n}\n" },
      { "tests/cart.rs": "#[test]\n#[ignore]\nfn adds() {}\n" },
    ],
    good: [
      { "test/cart.test.ts": "// Waits for the new API.\nit.skip('adds', () => {});\n" },
      { "test/test_cart.py": "@pytest.mark.skip(reason='needs a card')\ndef test_total():\n    pass\n" },
      {
        "src/test/java/CartTest.java": 'class CartTest {\n  @Disabled("needs a card")\n  void adds() {}\n}\n',
      },
    ],
  },
});
