/**
 * Query patterns that the JavaScript and TypeScript grammars have in common. `super.member` targets and computed
 * names are left out: they name nothing that could be searched for. A function is called by what it is assigned
 * to, because that is how others call it; only `module.exports = function name` keeps its own name.
 */
export const ecmascriptSymbols = `
  (function_expression name: (identifier) @name) @function
  (generator_function name: (identifier) @name) @function
  (function_declaration name: (identifier) @name) @function
  (generator_function_declaration name: (identifier) @name) @function
  (method_definition name: [(property_identifier) (private_property_identifier) (string) (number) (computed_property_name)] @name) @method
  (variable_declarator
    name: (identifier) @name
    value: [(arrow_function) (function_expression) (generator_function)] @function)
  (assignment_expression
    left: [(identifier) @name (member_expression property: [(property_identifier) (private_property_identifier)] @name)]
    right: [(arrow_function) (function_expression) (generator_function)] @function)
  (assignment_expression
    left: (member_expression property: (property_identifier) @exports)
    right: (function_expression name: (identifier) @name) @function
    (#eq? @exports "exports"))
  (assignment_expression
    left: (subscript_expression index: (string (string_fragment) @name))
    right: [(arrow_function) (function_expression) (generator_function)] @function)
  (pair
    key: [(property_identifier) @name (string (string_fragment) @name)]
    value: [(arrow_function) (function_expression) (generator_function)] @function)
  (variable_declarator name: (identifier) @name value: (class) @class)
  [
    (if_statement) (for_statement) (for_in_statement) (while_statement) (do_statement)
    (switch_case) (catch_clause) (ternary_expression)
    "&&" "||" "??" "&&=" "||=" "??="
  ] @branch
`;

/** What TypeScript adds. Bodiless members count: an interface's or an overload's signature is what people look up. */
export const typescriptSymbols = `
  ${ecmascriptSymbols}
  (class_declaration name: (type_identifier) @name) @class
  (abstract_class_declaration name: (type_identifier) @name) @class
  (class name: (type_identifier) @name) @class
  (public_field_definition
    name: [(property_identifier) (private_property_identifier)] @name
    value: [(arrow_function) (function_expression) (generator_function)] @method)
  (method_signature name: [(property_identifier) (private_property_identifier)] @name) @method
  (abstract_method_signature name: [(property_identifier) (private_property_identifier)] @name) @method
  (function_signature name: (identifier) @name) @function
  (interface_declaration name: (type_identifier) @name) @type
  (type_alias_declaration name: (type_identifier) @name) @type
  (enum_declaration name: (identifier) @name) @type
  (module name: [(identifier) (nested_identifier)] @name) @type
  (internal_module name: [(identifier) (nested_identifier)] @name) @type
`;

/**
 * `process.env.X`, `process.env["X"]`, `import.meta.env.X`, `Deno.env.get("X")`, `Bun.env.X`. Vite fills its own
 * five `import.meta.env` names itself, so nobody has to set them.
 */
export const nodeEnvironment = [
  /\b(?:process|Bun)\s*(?:\?\.|\.)\s*env\s*(?:(?:\?\.|\.)\s*|(?:\?\.)?\[\s*["'`])([A-Za-z_]\w*)\b(?!["'`]?\s*\]?\s*=(?![=>]))/g,
  /\bimport\.meta\.env(?:\?\.|\.|\[\s*["'`])(?!(?:MODE|BASE_URL|PROD|DEV|SSR)\b)([A-Za-z_]\w*)/g,
  /\bDeno\.env\.(?:get|has)\(\s*["'`]([A-Za-z_]\w*)/g,
];
