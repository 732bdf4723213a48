/**
 * One programming language whose symbols Repowright reads. Pure data: the machinery in
 * `core/index/symbols.ts` loads the grammar and runs the queries.
 */
export interface LanguageDefinition {
  /** Same as the file name, kebab-case. */
  readonly id: string;
  /** Linguist names of the languages this grammar parses, e.g. `["TypeScript"]`. */
  readonly languages: readonly string[];
  /** Module specifier of the tree-sitter grammar (a `.wasm` file inside an npm package). */
  readonly grammar: string;
  /**
   * Tree-sitter query. Captures: a definition is `@function`, `@method`, `@class` or `@type` on the whole
   * node together with `@name` inside the same pattern; `@branch` is a node that adds one to the cyclomatic
   * complexity of the function around it.
   */
  readonly symbols: string;
  /**
   * Global regular expressions that find environment variables read by code; group 1 is the variable's name.
   */
  readonly environment: readonly RegExp[];
}

export function defineLanguage(definition: LanguageDefinition): LanguageDefinition {
  return definition;
}
