import { defineLanguage } from "../../contracts/language.ts";

export default defineLanguage({
  id: "php",
  languages: ["PHP"],
  grammar: "@vscode/tree-sitter-wasm/wasm/tree-sitter-php.wasm",
  symbols: `
    (function_definition name: (name) @name) @function
    (method_declaration name: (name) @name) @method
    (class_declaration name: (name) @name) @class
    (trait_declaration name: (name) @name) @class
    (interface_declaration name: (name) @name) @type
    (enum_declaration name: (name) @name) @type
    (assignment_expression
      left: (variable_name (name) @name)
      right: [(anonymous_function) (arrow_function)] @function)
    [
      (if_statement) (else_if_clause) (for_statement) (foreach_statement) (while_statement) (do_statement)
      (case_statement) (catch_clause) (conditional_expression) (match_conditional_expression)
      (binary_expression operator: ["&&" "||" "and" "or" "xor" "??"])
      (augmented_assignment_expression operator: "??=")
    ] @branch
  `,
  environment: [
    /\$_ENV\s*\[\s*["']([A-Za-z_]\w*)["'](?!\s*\]\s*=(?![=>]))/g,
    /(?<![\w>:$])(?:Env::get|env|getenv)\s*\(\s*["']([A-Za-z_]\w*)["']/g,
  ],
});
