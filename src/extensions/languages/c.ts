import { defineLanguage } from "../../contracts/language.ts";
import { cBranches, cEnvironment, cMacros, cTypes, underPointers } from "./shared/c-family.ts";

/** The C++ grammar misreads C (`new`, `class` and `this` are names there), so C has its own. */
export default defineLanguage({
  id: "c",
  languages: ["C"],
  grammar: "@repomix/tree-sitter-wasms/out/tree-sitter-c.wasm",
  symbols: `
    (function_definition declarator: [
      ${underPointers("(function_declarator declarator: (identifier) @name)")}
      ${underPointers("(function_declarator declarator: (parenthesized_declarator (identifier) @name))")}
      (function_declarator declarator: (parenthesized_declarator (pointer_declarator
        declarator: (function_declarator declarator: (identifier) @name))))
    ]) @function
    ${cTypes}
    ${cBranches}
  `,
  blankOnError: cMacros,
  environment: cEnvironment,
});
