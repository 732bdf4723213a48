import { defineLanguage } from "../../contracts/language.ts";

export default defineLanguage({
  id: "java",
  languages: ["Java"],
  grammar: "@vscode/tree-sitter-wasm/wasm/tree-sitter-java.wasm",
  symbols: `
    (method_declaration name: (identifier) @name) @method
    (constructor_declaration name: (identifier) @name) @method
    (compact_constructor_declaration name: (identifier) @name) @method
    (annotation_type_element_declaration name: (identifier) @name) @method
    (class_declaration name: (identifier) @name) @class
    (record_declaration name: (identifier) @name) @class
    (interface_declaration name: (identifier) @name) @type
    (enum_declaration name: (identifier) @name) @type
    (annotation_type_declaration name: (identifier) @name) @type
    [
      (if_statement) (for_statement) (enhanced_for_statement) (while_statement) (do_statement)
      (catch_clause) (ternary_expression) (guard)
      (switch_label . (_))
      "&&" "||"
    ] @branch
  `,
  environment: [
    /\bSystem\s*\.\s*getenv\(\s*"([A-Za-z_]\w*)"/g,
    /\bSystem\s*\.\s*getenv\(\)\s*\.\s*(?:get|getOrDefault|containsKey)\(\s*"([A-Za-z_]\w*)"/g,
  ],
});
