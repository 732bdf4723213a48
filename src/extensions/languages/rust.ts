import { defineLanguage } from "../../contracts/language.ts";

export default defineLanguage({
  id: "rust",
  languages: ["Rust"],
  grammar: "@vscode/tree-sitter-wasm/wasm/tree-sitter-rust.wasm",
  symbols: `
    (function_item name: [(identifier) (metavariable)] @name) @function
    (function_signature_item name: [(identifier) (metavariable)] @name) @function
    (let_declaration pattern: (identifier) @name value: (closure_expression) @function)
    (impl_item) @members
    (trait_item body: (declaration_list) @members)
    (struct_item name: (type_identifier) @name) @class
    (union_item name: (type_identifier) @name) @class
    (enum_item name: (type_identifier) @name) @type
    (trait_item name: (type_identifier) @name) @type
    (type_item name: (type_identifier) @name) @type
    (mod_item name: (identifier) @name body: (_)) @type
    [
      (if_expression) (while_expression) (for_expression) (loop_expression)
      (match_arm pattern: (match_pattern . (_)))
      (match_pattern condition: (_))
      (let_declaration alternative: (_))
      (binary_expression operator: ["&&" "||"])
      (let_chain)
    ] @branch
  `,
  environment: [/\benv::(?:var|var_os)\(\s*"([A-Za-z_]\w*)"/g, /\b(?:option_)?env!\(\s*"([A-Za-z_]\w*)"/g],
});
