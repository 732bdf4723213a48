import { defineLanguage } from "../../contracts/language.ts";

export default defineLanguage({
  id: "bash",
  languages: ["Shell"],
  grammar: "@vscode/tree-sitter-wasm/wasm/tree-sitter-bash.wasm",
  hasHugeLexer: true,
  symbols: `
    (function_definition name: (word) @name) @function
    [
      (if_statement) (elif_clause) (for_statement) (c_style_for_statement) (while_statement)
      (ternary_expression) (list)
      (binary_expression operator: ["&&" "||"])
    ] @branch
    (case_item . value: (_) @pattern (#not-eq? @pattern "*")) @branch
  `,
  /**
   * Upper-case names that are used with a default or as required (`${X:-a}`, `${X:=a}`, `${X:?message}`):
   * a plain `$X` is mostly a variable of the script itself, and one regular expression cannot tell.
   */
  environment: [/\$\{([A-Z_][A-Z0-9_]*):?[-=?]/g],
});
