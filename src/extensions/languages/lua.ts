import { defineLanguage } from "../../contracts/language.ts";

export default defineLanguage({
  id: "lua",
  languages: ["Lua"],
  grammar: "@cursorless/tree-sitter-wasms/out/tree-sitter-lua.wasm",
  symbols: `
    (function_declaration name: [(identifier) @name (dot_index_expression field: (identifier) @name)]) @function
    (function_declaration name: (method_index_expression method: (identifier) @name)) @method
    (assignment_statement
      (variable_list
        . name: [
          (identifier) @name
          (dot_index_expression field: (identifier) @name)
          (bracket_index_expression field: (string content: (string_content) @name))
        ])
      (expression_list . value: (function_definition) @function))
    (field
      name: [(identifier) @name (string content: (string_content) @name)]
      value: (function_definition) @function)
    [
      (if_statement) (elseif_statement) (for_statement) (while_statement) (repeat_statement)
      (binary_expression ["and" "or"])
    ] @branch
  `,
  environment: [/\bos\.getenv\s*\(?\s*["']([A-Za-z_]\w*)["']/g, /\bvim\.env\.([A-Za-z_]\w*)\b(?!\s*=(?!=))/g],
});
