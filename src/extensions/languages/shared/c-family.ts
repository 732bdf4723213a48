/** A function's name sits under as many pointer declarators as its return type has stars; three are enough in practice. */
export function underPointers(declarator: string): string {
  const once = `(pointer_declarator declarator: ${declarator})`;
  const twice = `(pointer_declarator declarator: ${once})`;
  return `${declarator} ${once} ${twice} (pointer_declarator declarator: ${twice})`;
}

/** Branches that C and C++ share. The operators only inside expressions: `&&` is also a C++ reference type. */
export const cBranches = `
  [
    (if_statement) (for_statement) (while_statement) (do_statement) (conditional_expression)
    (case_statement value: (_))
    (binary_expression operator: ["&&" "||"])
  ] @branch
`;

/** Types with a body; without one it is a use or a forward declaration. */
export const cTypes = `
  (struct_specifier name: (_) @name body: (_)) @class
  (union_specifier name: (_) @name body: (_)) @class
  (enum_specifier name: (_) @name body: (_)) @type
  (type_definition declarator: (type_identifier) @name) @type
  (type_definition declarator: (pointer_declarator declarator: (type_identifier) @name)) @type
  (type_definition declarator: (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (type_identifier) @name)))) @type
`;

export const cEnvironment = [/\b(?:secure_)?getenv\s*\(\s*"([A-Za-z_]\w*)"/g];
