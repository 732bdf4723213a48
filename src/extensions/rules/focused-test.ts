import { defineRule } from "../../contracts/review-rule.ts";
import { ecmascript } from "./shared/ecmascript.ts";

export default defineRule({
  id: "focused-test",
  kind: "syntax",
  title: "Focused test",
  severity: "error",
  category: "test",
  confidence: "high",
  roles: ["test", "code"],
  message: "Only this test runs; the others of the file are left out.",
  why: "The run is green although most of it did not take place.",
  docs: "Finds `it.only`, `describe.only`, `test.only`, `fit`, `fdescribe` and RSpec's `fit`, `fdescribe`, `focus: true`. Remove the focus before it is merged.",
  queries: [
    {
      languages: ecmascript,
      query: `
        ((call_expression function: (member_expression object: (identifier) @object property: (property_identifier) @name) arguments: (arguments . [(string) (template_string)])) @finding
          (#any-of? @object "it" "describe" "test" "suite" "context" "specify") (#eq? @name "only"))
        ((call_expression function: (identifier) @name arguments: (arguments . [(string) (template_string)] . [(arrow_function) (function_expression)])) @finding
          (#any-of? @name "fit" "fdescribe" "fcontext"))`,
    },
    {
      languages: ["ruby"],
      query: `
        ((call !receiver method: (identifier) @name arguments: (argument_list . (string))) @finding (#any-of? @name "fit" "fdescribe" "fcontext" "fspecify"))
        ((call !receiver method: (identifier) @name arguments: (argument_list (pair key: (hash_key_symbol) @key value: (true)))) @finding
          (#any-of? @name "it" "describe" "context" "specify") (#eq? @key "focus"))`,
    },
  ],
  check({ node, file, languageId }) {
    // Test runners have such functions; in tests alone they mean a test.
    if (file.role !== "test" && !/(test|spec)/i.test(file.path)) return null;
    if (languageId === "ruby" && !/spec/.test(file.path)) return null;
    const line = node.startPosition.row + 1;
    return file.isAdded(line, line) ? { line, endLine: line } : null;
  },
  examples: {
    bad: [
      { "test/cart.test.ts": "describe.only('cart', () => {});\n" },
      { "test/cart.test.ts": "fit('adds', () => {});\n" },
      { "spec/cart_spec.rb": "describe Cart do\n  fit 'adds' do\n  end\nend\n" },
    ],
    good: [
      { "test/cart.test.ts": "it('adds', () => {});\nlist.only('x');\n" },
      { "src/fit.ts": "fit('model', () => {});\n" },
    ],
  },
});
