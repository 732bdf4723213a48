import { defineLanguage } from "../../contracts/language.ts";
import { nodeEnvironment, typescriptSymbols } from "./shared/ecmascript.ts";

/** A grammar of its own: `<T>value` is a cast in .ts and an element in .tsx. */
export default defineLanguage({
  id: "tsx",
  languages: ["TSX"],
  grammar: "@vscode/tree-sitter-wasm/wasm/tree-sitter-tsx.wasm",
  symbols: typescriptSymbols,
  environment: nodeEnvironment,
});
