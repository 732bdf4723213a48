import { defineLanguage } from "../../contracts/language.ts";

export default defineLanguage({
  id: "powershell",
  languages: ["PowerShell"],
  grammar: "@vscode/tree-sitter-wasm/wasm/tree-sitter-powershell.wasm",
  hasHugeLexer: true,
  symbols: `
    (function_statement (function_name) @name) @function
    (class_method_definition (simple_name) @name) @method
    (class_statement . (simple_name) @name) @class
    (enum_statement . (simple_name) @name) @type
    [
      (if_statement) (elseif_clause) (for_statement) (foreach_statement) (while_statement) (do_statement)
      (catch_clause) (trap_statement)
      (logical_expression ["-and" "-or" "-xor"])
    ] @branch
    (switch_clause (switch_clause_condition) @pattern (#not-eq? @pattern "default")) @branch
  `,
  environment: [
    /\$(?:\{env:|env:)([A-Za-z_]\w*)\b(?!\}?\s*=)/gi,
    /\[(?:System\.)?Environment\]::GetEnvironmentVariable\(\s*["']([A-Za-z_]\w*)\b(?!\}?\s*=)/gi,
  ],
});
