import { defineLanguage } from "../../contracts/language.ts";
import { cBranches, cEnvironment, cMacros, cTypes, underPointers } from "./shared/c-family.ts";

const cast = `(operator_cast "operator" @name type: (_) @name)`;

function definition(name: string): string {
  const declarator = `(function_declarator declarator: ${name})`;
  return `[${underPointers(declarator)} (reference_declarator ${declarator})]`;
}

/**
 * The declarator is captured whole, and its last part is the name: `b` of `A<int>::B::b<char>`, any depth. Patterns
 * for every kind and depth of name found the same and took 120 ms to compile instead of 40.
 */
export default defineLanguage({
  id: "cpp",
  languages: ["C++"],
  grammar: "@vscode/tree-sitter-wasm/wasm/tree-sitter-cpp.wasm",
  hasHugeLexer: true,
  symbols: `
    (function_definition declarator: ${definition("(_) @name")}) @function
    (function_definition declarator: ${definition("(qualified_identifier) @name")}) @method
    (function_definition declarator: [${cast} (qualified_identifier name: ${cast})]) @method
    (init_declarator declarator: (identifier) @name value: (lambda_expression) @function)
    (class_specifier name: (_) @name body: (_)) @class
    ${cTypes}
    (alias_declaration name: (type_identifier) @name) @type
    (concept_definition name: (identifier) @name) @type
    ${cBranches}
    [(for_range_loop) (catch_clause) (binary_expression operator: ["and" "or"])] @branch
  `,
  namePart: /operator\b[^]*|~?[\p{L}\w$]+(?=\s*(?:<[^:]*>)?$)/u,
  blankOnError: cMacros,
  environment: cEnvironment,
});
