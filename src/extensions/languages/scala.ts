import { defineLanguage } from "../../contracts/language.ts";

export default defineLanguage({
  id: "scala",
  languages: ["Scala"],
  grammar: "@lumis-sh/wasm-scala/tree-sitter-scala.wasm",
  symbols: `
    (template_body) @members
    (with_template_body) @members
    (enum_body) @members
    (extension_definition) @members
    (function_definition name: (_) @name) @function
    (function_declaration name: (_) @name) @function
    (val_definition pattern: (identifier) @name value: (lambda_expression) @function)
    (var_definition pattern: (identifier) @name value: (lambda_expression) @function)
    (class_definition name: (_) @name) @class
    (object_definition name: (_) @name) @class
    (package_object name: (_) @name) @class
    (given_definition name: (_) @name) @class
    (trait_definition name: (_) @name) @type
    (enum_definition name: (_) @name) @type
    (type_definition name: (_) @name) @type
    [
      (if_expression) (for_expression) (while_expression) (do_while_expression) (guard)
    ] @branch
    (case_clause pattern: (_) @pattern (#not-eq? @pattern "_")) @branch
    (infix_expression operator: (operator_identifier) @operator (#any-of? @operator "&&" "||")) @branch
  `,
  namePart: /[^`]+/,
  environment: [
    /\bsys\s*\.\s*env\s*(?:\.\s*(?:get|getOrElse|contains|apply)\s*)?\(\s*"([A-Za-z_]\w*)"/g,
    /\bSystem\s*\.\s*getenv\(\s*"([A-Za-z_]\w*)"/g,
    /\bSystem\s*\.\s*getenv(?:\(\))?\s*\.\s*(?:get|getOrDefault|containsKey)\(\s*"([A-Za-z_]\w*)"/g,
    /\benvOr(?:Else|None|Some)\(\s*"([A-Za-z_]\w*)"/g,
  ],
});
