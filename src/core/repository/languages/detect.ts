import type { LanguageReason } from "../../../contracts/file-facts.ts";
import { applyHeuristics } from "./heuristics.ts";
import { resolveAlias } from "./language-info.ts";
import { linguist, lookUp } from "./linguist-data.ts";
import { languageFromModeline } from "./modeline.ts";
import { isManpageKey, nameKey } from "./name-key.ts";
import { preferredLanguage } from "./popularity.ts";
import { interpreterOf } from "./shebang.ts";
import { firstLines, heuristicBytes, isBinary, toByteText, toLatin1 } from "./text.ts";

export interface Detection {
  /** Linguist name; null for binary, empty and unrecognised files. */
  readonly language: string | null;
  readonly reason: LanguageReason;
  readonly binary: boolean;
}

/** What one strategy said; the candidates are those left after it. */
export interface StrategyOutcome {
  readonly strategy: LanguageReason["strategy"];
  readonly detail: string;
  readonly candidates: readonly string[];
}

/** Extensions too common to mean a language without further evidence (Linguist's `generic.yml`). */
const genericExtensions = /\.(?:[1-9]|cmp|sol|stl|url)$/;

/**
 * The language of a file by Linguist's strategies in Linguist's order, each narrowing the candidates of the
 * one before. Depends only on `nameKey(path)`, the bytes and `forced` (the value of a `linguist-language`
 * attribute: an unknown name there means no language, as on GitHub). Where Linguist would ask its trained
 * classifier, see `preferredLanguage`. Never throws.
 */
export function detectLanguage(path: string, bytes: Uint8Array, forced?: string): Detection {
  return traceDetection(path, bytes, forced).detection;
}

/** As `detectLanguage`, with the outcome of every strategy that ran. */
export function traceDetection(
  path: string,
  bytes: Uint8Array,
  forced?: string,
): { readonly detection: Detection; readonly trace: readonly StrategyOutcome[] } {
  const trace: StrategyOutcome[] = [];
  const binary = isBinary(bytes);
  const finish = (language: string | null, strategy: LanguageReason["strategy"], detail: string) => {
    return { detection: { language, binary, reason: { strategy, detail } }, trace };
  };
  if (forced !== undefined) {
    const language = resolveAlias(forced);
    const detail = `linguist-language=${forced}${language === null ? " names no known language" : ""}`;
    trace.push({ strategy: "attribute", detail, candidates: language === null ? [] : [language] });
    return finish(language, "attribute", detail);
  }
  if (binary) return finish(null, "none", "binary content");
  if (bytes.length === 0) return finish(null, "none", "empty file");
  const text = toByteText(bytes);
  const key = nameKey(path);
  let candidates: readonly string[] = [];
  for (const strategy of strategies) {
    const found = strategy(key, text, candidates);
    if (found === null) continue;
    trace.push(found);
    const [only, ...others] = found.candidates;
    if (only !== undefined && others.length === 0) {
      const from = candidates.length > 1 ? `, from ${candidates.join(", ")}` : "";
      return finish(only, found.strategy, found.detail + from);
    }
    if (found.candidates.length > 0) candidates = found.candidates;
  }
  if (candidates.length === 0) return finish(null, "none", "no strategy matched");
  const language = preferredLanguage(key, candidates);
  const detail = `preferred among ${candidates.join(", ")}`;
  trace.push({ strategy: "popularity", detail, candidates: [language] });
  return finish(language, "popularity", detail);
}

/** Null when a strategy has nothing to say about the file. */
type Strategy = (key: string, text: Uint8Array, candidates: readonly string[]) => StrategyOutcome | null;

const strategies: readonly Strategy[] = [
  byModeline,
  byFilename,
  byShebang,
  byExtension,
  byXml,
  byManpage,
  byHeuristic,
];

function byModeline(_key: string, text: Uint8Array): StrategyOutcome | null {
  const language = languageFromModeline(text);
  return language === null
    ? null
    : { strategy: "modeline", detail: "editor modeline", candidates: [language] };
}

function byFilename(key: string, _text: Uint8Array, candidates: readonly string[]): StrategyOutcome | null {
  const found = key.startsWith("/") ? lookUp(linguist.filenames, key.slice(1)) : undefined;
  if (found === undefined) return null;
  return { strategy: "filename", detail: `file name ${key.slice(1)}`, candidates: narrow(candidates, found) };
}

function byShebang(_key: string, text: Uint8Array, candidates: readonly string[]): StrategyOutcome | null {
  const interpreter = interpreterOf(text);
  const found = interpreter === null ? undefined : lookUp(linguist.interpreters, interpreter);
  if (found === undefined) return null;
  return { strategy: "shebang", detail: `#! ${interpreter}`, candidates: narrow(candidates, found) };
}

function byExtension(key: string, _text: Uint8Array, candidates: readonly string[]): StrategyOutcome | null {
  const extension = knownExtension(key);
  if (extension === null || genericExtensions.test(key)) return null;
  const found = lookUp(linguist.extensions, extension) ?? [];
  return { strategy: "extension", detail: `extension ${extension}`, candidates: narrow(candidates, found) };
}

function byXml(_key: string, text: Uint8Array, candidates: readonly string[]): StrategyOutcome | null {
  if (candidates.length > 0 || !firstLines(text, 2).includes("xml version=")) return null;
  return { strategy: "xml", detail: "XML declaration in the first two lines", candidates: ["XML"] };
}

function byManpage(key: string, _text: Uint8Array, candidates: readonly string[]): StrategyOutcome | null {
  if (candidates.length > 0 || !isManpageKey(key)) return null;
  return { strategy: "manpage", detail: `manual page ${key}`, candidates: ["Roff Manpage", "Roff"] };
}

function byHeuristic(key: string, text: Uint8Array): StrategyOutcome | null {
  const found = applyHeuristics(key, toLatin1(text, 0, heuristicBytes));
  return found === null || found.length === 0
    ? null
    : { strategy: "heuristic", detail: `content of ${key}`, candidates: found };
}

/** A known file name may have a known extension too (`.bashrc.sh` style names are keyed by their full name). */
function knownExtension(key: string): string | null {
  if (!key.startsWith("/")) return lookUp(linguist.extensions, key) === undefined ? null : key;
  const lower = key.toLowerCase();
  for (let dot = lower.indexOf("."); dot !== -1; dot = lower.indexOf(".", dot + 1)) {
    if (lookUp(linguist.extensions, lower.slice(dot)) !== undefined) return lower.slice(dot);
  }
  return null;
}

function narrow(candidates: readonly string[], found: readonly string[]): readonly string[] {
  return candidates.length === 0 ? found : candidates.filter((name) => found.includes(name));
}
