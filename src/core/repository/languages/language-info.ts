import { type LanguageType, linguist, lookUp } from "./linguist-data.ts";

export interface LanguageInfo {
  readonly type: LanguageType;
  /** The language it is counted as, e.g. `TypeScript` for `TSX`; itself when it has no group. */
  readonly group: string;
  /** `#RRGGBB` as GitHub shows it. */
  readonly color: string | null;
}

/** What Linguist knows about a language; names it does not know are treated as data. */
export function languageInfo(name: string): LanguageInfo {
  const [type, color, group] = lookUp(linguist.languages, name) ?? ["data", null];
  return { type, color, group: group ?? name };
}

/** The Linguist name for a name or alias in any case (`cpp`, `Objective-C`), or null. */
export function resolveAlias(alias: string): string | null {
  const key = alias.trim().toLowerCase();
  return lookUp(linguist.aliases, key) ?? lookUp(linguist.aliases, key.split(",", 1)[0] ?? "") ?? null;
}

/** What decides whether a file counts; every flag with `.gitattributes` already applied. */
export interface ShareTraits {
  readonly language: string | null;
  readonly vendored: boolean;
  readonly generated: boolean;
  readonly documentation: boolean;
  /** The `linguist-detectable` attribute, if set. */
  readonly detectable?: boolean | undefined;
}

/**
 * Linguist's rule for the files behind the language percentages: programming and markup languages (or
 * whatever `linguist-detectable` says), without vendored, generated and documentation files.
 */
export function countsInShare(file: ShareTraits): boolean {
  if (file.language === null || file.vendored || file.generated || file.documentation) return false;
  if (file.detectable !== undefined) return file.detectable;
  const { type } = languageInfo(file.language);
  return type === "programming" || type === "markup";
}
