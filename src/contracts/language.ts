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
   * Set when the grammar's lexer is one function so large that optimising it takes hundreds of megabytes for a
   * moment; it then runs as the fast compiler left it, which is good enough for a language of small files.
   */
  readonly hasHugeLexer?: true;
  /**
   * Tree-sitter query, run once over the whole file. A definition is `@function`, `@method`, `@class` (what
   * holds code: class, struct, record, Ruby module) or `@type` (interface, enum, trait, alias, namespace) on the
   * node, together with `@name` inside the same pattern. For a function that is assigned, put `@function` on the
   * function and `@name` on the target. `@branch` is a node that adds one to the cyclomatic complexity of the
   * innermost definition around it. `@members` marks a node that is no symbol itself (Rust's `impl`).
   * A `@function` whose innermost surrounding capture is `@class` or `@members` is reported as a method.
   * When several patterns capture the same node, the last pattern in the query wins. Two `@name` in one pattern
   * name it from the first to the second (`operator` and `bool`). Where the grammar makes the body a sibling and not
   * a child of the definition, `@end` on the body in the same pattern says how far the definition reaches.
   */
  readonly symbols: string;
  /** What of the text under `@name` is the name, when it is not all of it: the first match counts. */
  readonly namePart?: RegExp;
  /**
   * Global regular expressions for what the grammar misreads, such as C macros that are no expressions. A file
   * with syntax errors is read a second time with every match replaced by spaces, and that reading is
   * kept unless it has fewer functions.
   */
  readonly blankOnError?: readonly RegExp[];
  /** The same for what the grammar misreads so badly that reading the file as it is would be time lost. */
  readonly blankFirst?: readonly RegExp[];
  /**
   * Global regular expressions that find environment variables read by code, not written; group 1 is the variable's name.
   */
  readonly environment: readonly RegExp[];
}

export function defineLanguage(definition: LanguageDefinition): LanguageDefinition {
  return definition;
}
