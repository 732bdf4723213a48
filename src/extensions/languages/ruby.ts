import { defineLanguage } from "../../contracts/language.ts";

export default defineLanguage({
  id: "ruby",
  languages: ["Ruby"],
  grammar: "@vscode/tree-sitter-wasm/wasm/tree-sitter-ruby.wasm",
  symbols: `
    (method name: (_) @name) @function
    (singleton_method name: (_) @name) @method
    (assignment left: [(identifier) (constant)] @name right: (lambda) @function)
    (singleton_class) @members
    (class name: [(constant) @name (scope_resolution name: (constant) @name)]) @class
    (module name: [(constant) @name (scope_resolution name: (constant) @name)]) @class
    [
      (if) (elsif) (unless) (if_modifier) (unless_modifier) (while) (until) (while_modifier) (until_modifier)
      (for) (when) (in_clause) (rescue) (rescue_modifier) (conditional) (if_guard) (unless_guard)
      (binary operator: ["&&" "||" "and" "or"])
      (operator_assignment operator: ["&&=" "||="])
    ] @branch
  `,
  environment: [
    /\bENV(?:\.(?:fetch|key\?|has_key\?|include\?|delete|dig)\s*\(?|\s*\[)\s*["']([A-Za-z_]\w*)["'](?!\s*\]\s*=(?![=~>]))/g,
  ],
});
