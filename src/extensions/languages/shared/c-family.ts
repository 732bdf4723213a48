/** A function's name sits under as many pointer declarators as its return type has stars; two are enough in practice. */
export function underPointers(declarator: string): string {
  const once = `(pointer_declarator declarator: ${declarator})`;
  return `${declarator} ${once} (pointer_declarator declarator: ${once})`;
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

const macro = String.raw`[A-Z][A-Z0-9]*_[A-Z0-9_]*\b(?:\((?:[^()\n]|\([^()\n]*\))*\))?`;

/**
 * Macros where the grammars expect none, and macro definitions over several lines. Only names in capitals with
 * an underscore: before a declaration (`API_EXPORT int f()`) but not on a preprocessor line, after a parameter
 * list (`void f() API_NOEXCEPT {`), and alone on a line without a body (`API_DECLARE_KIND_(int)`).
 *
 * Looking back for the `#` has a limit: without one, a file that is one line of 1 MB took three minutes.
 */
export const cMacros = [
  /^[ \t]*#[ \t]*define\b(?:[^\n]*\\\r?\n)+[^\n]*/gm,
  new RegExp(
    String.raw`\b(?=[A-Z][A-Z0-9]*_)(?<!^[ \t]*#[^\n]{0,80})${macro}(?=[ \t]*(?:\n[ \t]*)?[A-Za-z_~])`,
    "gm",
  ),
  new RegExp(
    String.raw`\b(?=[A-Z][A-Z0-9]*_)(?<=\)[ \t\n]*(?:const[ \t\n]*)?)${macro}(?=[ \t\n]*[{;:])`,
    "g",
  ),
  new RegExp(String.raw`^[ \t]*${macro}[ \t]*$(?!\s*\{)`, "gm"),
  new RegExp(String.raw`^[A-Z][A-Z0-9]*_[A-Z0-9_]*\([^(){}]*\);`, "gm"),
];
