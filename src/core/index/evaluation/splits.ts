import { parseQuery } from "../search/query.ts";

/** Names shorter than this are in any sentence. */
const minNameLength = 3;
/** A masked question with fewer terms asks for nothing. */
const minTerms = 2;
const wordPattern = /[\p{L}\p{M}\p{N}_./-]+/gu;
const identifier = /[_./\d]|\p{Ll}\p{Lu}|\p{Lu}{2}\p{Ll}/u;

/** Whether a message contains the base name, without its ending, of one of the paths. */
export function hasNameLeak(message: string, paths: readonly string[]): boolean {
  const lower = message.toLowerCase();
  return paths.some((path) => {
    const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
    const stem = name.replace(/(?<=.)\.[^.]*$/, "");
    return stem.length >= minNameLength && lower.includes(stem);
  });
}

/**
 * The message as somebody would put it who does not know the code: without identifiers and without words that stand in
 * one of the paths. Null when fewer than two terms are left.
 */
export function maskQuery(message: string, paths: readonly string[]): string | null {
  const pathWords = new Set(paths.flatMap((path) => wordsOf(path)));
  const masked = message
    .replace(wordPattern, (word) => {
      const bare = word.replace(/^[./-]+|[./-]+$/g, "");
      if (identifier.test(bare) || wordsOf(bare).some((part) => pathWords.has(part))) return " ";
      return word;
    })
    .replace(/\s+/g, " ")
    .trim();
  return parseQuery(masked).terms.length < minTerms ? null : masked;
}

/** Words of a path or message, also those of `camelCase`, in lower case. */
function wordsOf(text: string): string[] {
  return text
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== "");
}
