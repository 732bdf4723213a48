import { defineLanguage } from "../../contracts/language.ts";

/** A body is the signature's sibling at top level and in local functions, and its parent's sibling in a class. */
function withBodies(signature: string): string {
  return `
    ${signature}
    (${signature} . (function_body) @end)
    ((method_signature ${signature}) . (function_body) @end)
  `;
}

export default defineLanguage({
  id: "dart",
  languages: ["Dart"],
  grammar: "@lumis-sh/wasm-dart/tree-sitter-dart.wasm",
  symbols: `
    (enum_body) @members
    ${[
      `(function_signature name: (identifier) @name) @function`,
      `(getter_signature name: (identifier) @name) @function`,
      `(setter_signature name: (identifier) @name) @function`,
      `(operator_signature "operator" @name . (_) @name) @method`,
      `(operator_signature "operator" @name . ["[]" "[]=" "~" "=="] @name) @method`,
      `(constructor_signature . name: (identifier) @name . (formal_parameter_list)) @method`,
      `(constructor_signature . name: (identifier) @name . "." . (identifier) @name) @method`,
      `(factory_constructor_signature (identifier) @name . (formal_parameter_list)) @method`,
      `(factory_constructor_signature . "factory" . (identifier) @name . "." . (identifier) @name) @method`,
    ]
      .map(withBodies)
      .join("")}
    (constant_constructor_signature (const_builtin) . (identifier) @name . (formal_parameter_list)) @method
    (constant_constructor_signature (const_builtin) . (identifier) @name . "." . (identifier) @name) @method
    (initialized_variable_definition name: (identifier) @name value: (function_expression) @function)
    (static_final_declaration (identifier) @name (function_expression) @function)
    (initialized_identifier (identifier) @name (function_expression) @function)
    (class_definition name: (identifier) @name) @class
    (mixin_declaration (identifier) @name) @class
    (extension_declaration) @members
    (extension_declaration name: (identifier) @name) @class
    (extension_type_declaration name: (identifier) @name) @class
    (enum_declaration name: (identifier) @name) @type
    (type_alias . (type_identifier) @name) @type
    (type_alias (type_identifier) @name . (formal_parameter_list)) @type
    [
      (if_statement) (for_statement) (while_statement) (do_statement) (conditional_expression)
      (if_element) (for_element) (switch_statement_case)
      (logical_and_operator) (logical_or_operator) "??" "??="
    ] @branch
    (try_statement "on" @branch)
    (try_statement (block) . (catch_clause) @branch)
    (switch_expression_case "when" @branch)
    (switch_expression_case . (_) @pattern (#not-eq? @pattern "_")) @branch
  `,
  environment: [
    /\bPlatform\s*\.\s*environment\s*(?:\[|\.\s*containsKey\()\s*["']([A-Za-z_]\w*)["']/g,
    /\b(?:String|bool|int)\s*\.\s*(?:from|has)Environment\(\s*["']([A-Za-z_]\w*)["']/g,
  ],
});
