import { defineLanguage } from "../../contracts/language.ts";

export default defineLanguage({
  id: "go",
  languages: ["Go"],
  grammar: "@vscode/tree-sitter-wasm/wasm/tree-sitter-go.wasm",
  symbols: `
    (function_declaration name: (identifier) @name) @function
    (method_declaration name: (field_identifier) @name) @method
    (method_elem name: (field_identifier) @name) @method
    (short_var_declaration
      left: (expression_list . (identifier) @name .)
      right: (expression_list . (func_literal) @function .))
    (var_spec name: (identifier) @name value: (expression_list . (func_literal) @function .))
    (type_spec name: (type_identifier) @name) @type
    (type_spec name: (type_identifier) @name type: (struct_type)) @class
    (type_alias name: (type_identifier) @name) @type
    [
      (if_statement) (for_statement) (expression_case) (type_case) (communication_case)
      "&&" "||"
    ] @branch
  `,
  environment: [/\b(?:os|syscall)\.(?:Getenv|LookupEnv)\(\s*["`]([A-Za-z_]\w*)["`]/g],
});
