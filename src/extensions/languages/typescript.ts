import { defineLanguage } from "../../contracts/language.ts";
import { nodeEnvironment, typescriptSymbols } from "./shared/ecmascript.ts";

export default defineLanguage({
  id: "typescript",
  languages: ["TypeScript"],
  grammar: "@vscode/tree-sitter-wasm/wasm/tree-sitter-typescript.wasm",
  symbols: typescriptSymbols,
  environment: nodeEnvironment,
});
