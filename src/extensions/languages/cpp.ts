import { defineLanguage } from "../../contracts/language.ts";
import { cBranches, cEnvironment, cTypes, underPointers } from "./shared/c-family.ts";

const ownName =
  "[(identifier) (field_identifier) (destructor_name) (operator_name) (template_function name: (identifier)) (template_method)]";
const memberName = "[(identifier) (destructor_name) (operator_name) (template_function)]";
/** `A::b`, `A::B::c` and `A::B::C::d`; the symbol is called by the last part. */
const qualifiedName = [
  "",
  "(qualified_identifier name: ",
  "(qualified_identifier name: (qualified_identifier name: ",
]
  .map((scope, depth) => `${scope}(qualified_identifier name: ${memberName} @name)${")".repeat(depth)}`)
  .join(" ");

function definition(name: string): string {
  const declarator = `(function_declarator declarator: ${name})`;
  return `${underPointers(declarator)} (reference_declarator ${declarator})`;
}

export default defineLanguage({
  id: "cpp",
  languages: ["C++"],
  grammar: "@vscode/tree-sitter-wasm/wasm/tree-sitter-cpp.wasm",
  symbols: `
    (function_definition declarator: [${definition(`${ownName} @name`)}]) @function
    (function_definition declarator: [${definition(`[${qualifiedName}]`)}]) @method
    (function_definition declarator: (operator_cast "operator" @name)) @method
    (function_definition declarator: (qualified_identifier name: (operator_cast "operator" @name))) @method
    (init_declarator declarator: (identifier) @name value: (lambda_expression) @function)
    (class_specifier name: (_) @name body: (_)) @class
    ${cTypes}
    (alias_declaration name: (type_identifier) @name) @type
    (concept_definition name: (identifier) @name) @type
    ${cBranches}
    [(for_range_loop) (catch_clause) (binary_expression operator: ["and" "or"])] @branch
  `,
  environment: cEnvironment,
});
