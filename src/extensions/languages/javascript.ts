import { defineLanguage } from "../../contracts/language.ts";
import { ecmascriptSymbols, nodeEnvironment } from "./shared/ecmascript.ts";

/** The grammar reads JSX everywhere, so .js and .jsx need no telling apart. */
export default defineLanguage({
  id: "javascript",
  languages: ["JavaScript"],
  grammar: "@vscode/tree-sitter-wasm/wasm/tree-sitter-javascript.wasm",
  symbols: `
    ${ecmascriptSymbols}
    (class_declaration name: (identifier) @name) @class
    (class name: (identifier) @name) @class
    (field_definition
      property: [(property_identifier) (private_property_identifier)] @name
      value: [(arrow_function) (function_expression) (generator_function)] @method)
  `,
  environment: nodeEnvironment,
});
