import { readFileSync } from "node:fs";

export type LanguageType = "programming" | "markup" | "data" | "prose";

/** `[wanted, [source, flags][]]`: true when any expression matches, or, when not wanted, when none does. */
export type Condition = readonly [wanted: boolean, expressions: readonly (readonly [string, string])[]];

interface LinguistData {
  readonly languages: Readonly<Record<string, readonly [LanguageType, string | null, string?]>>;
  readonly extensions: Readonly<Record<string, readonly string[]>>;
  /** For extensions that several languages share: the one that names it first of all its own. */
  readonly primary: Readonly<Record<string, string>>;
  readonly filenames: Readonly<Record<string, readonly string[]>>;
  readonly interpreters: Readonly<Record<string, readonly string[]>>;
  readonly aliases: Readonly<Record<string, string>>;
  readonly heuristics: readonly {
    readonly extensions: readonly string[];
    readonly rules: readonly { readonly languages: readonly string[]; readonly all: readonly Condition[] }[];
  }[];
  readonly vendored: readonly string[];
  readonly documentation: readonly string[];
  readonly generated: readonly string[];
}

/** GitHub Linguist's tables. JSON, because `JSON.parse` of 160 kB takes 1–2 ms and a module several times that. */
export const linguist = JSON.parse(
  readFileSync(new URL("linguist.generated.json", import.meta.url), "utf8"),
) as LinguistData;

/** `table[key]` for keys from outside: `constructor` and its like are not in any table. */
export function lookUp<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
