import { defineLanguage } from "../../contracts/language.ts";

export default defineLanguage({
  id: "python",
  languages: ["Python"],
  grammar: "@vscode/tree-sitter-wasm/wasm/tree-sitter-python.wasm",
  symbols: `
    (function_definition name: (identifier) @name) @function
    (class_definition name: (identifier) @name) @class
    (assignment left: (identifier) @name right: (lambda) @function)
    (type_alias_statement left: (type (identifier) @name)) @type
    [
      (if_statement) (elif_clause) (for_statement) (while_statement) (except_clause)
      (conditional_expression) (boolean_operator) (if_clause) (for_in_clause)
      (case_clause . (case_pattern (_)))
    ] @branch
  `,
  environment: [
    /\benviron(?:b)?(?:\.(?:get|pop|setdefault)\s*\(|\s*\[)\s*b?["']([A-Za-z_]\w*)["'](?!\s*\]\s*=(?!=))/g,
    /\bgetenvb?\s*\(\s*b?["']([A-Za-z_]\w*)["']/g,
    /(?<=["']([A-Za-z_]\w*)["']\s+(?:not\s+)?in\s+)os\.environ\b/g,
  ],
});
