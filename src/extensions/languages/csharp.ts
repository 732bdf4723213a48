import { defineLanguage } from "../../contracts/language.ts";

export default defineLanguage({
  id: "csharp",
  languages: ["C#"],
  grammar: "@vscode/tree-sitter-wasm/wasm/tree-sitter-c-sharp.wasm",
  symbols: `
    (method_declaration name: (identifier) @name) @method
    (constructor_declaration name: (identifier) @name) @method
    (destructor_declaration "~" @name name: (identifier) @name) @method
    (operator_declaration "operator" @name operator: _ @name) @method
    (conversion_operator_declaration "operator" @name type: (_) @name) @method
    (local_function_statement name: (identifier) @name) @function
    (class_declaration name: (identifier) @name) @class
    (struct_declaration name: (identifier) @name) @class
    (record_declaration name: (identifier) @name) @class
    (interface_declaration name: (identifier) @name) @type
    (enum_declaration name: (identifier) @name) @type
    (delegate_declaration name: (identifier) @name) @type
    [
      (if_statement) (for_statement) (foreach_statement) (while_statement) (do_statement)
      (catch_clause) (conditional_expression) (when_clause)
      (switch_section "case") "&&" "||" "??" "??="
    ] @branch
    (switch_expression_arm . (_) @pattern (#not-eq? @pattern "_")) @branch
  `,
  environment: [/\bEnvironment\s*\.\s*GetEnvironmentVariable\(\s*@?"([A-Za-z_]\w*)"/g],
});
