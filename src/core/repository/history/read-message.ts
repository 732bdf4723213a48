import type { Word } from "../../index/records/words.ts";

/** Terms of one subject or body; what is longer is a list or a log. */
const maxTerms = 120;
const trailer =
  /^\s*(?:[A-Z][\w-]*-by|Co-Authored-By|Change-Id|Bug|Fixes|Closes|Refs?|See|git-svn-id|Cc|PR-URL):/i;
const wordPattern = /[\p{L}\p{M}\p{N}_]+/gu;

/** Terms of a commit's message, in order: of its subject, and of the body from line `from` without trailers and addresses. */
export function readMessage(
  subject: string,
  lines: readonly string[],
  from: number,
  readWord: (word: string) => Word,
): { readonly subject: readonly number[]; readonly body: readonly number[] } {
  const body: number[] = [];
  for (let at = from; at < lines.length && body.length < maxTerms; at++)
    if (!trailer.test(lines[at]!)) readTerms(lines[at]!, body, withoutAddress);
  const terms: number[] = [];
  readTerms(subject, terms, (token) => token);
  return { subject: terms.slice(0, maxTerms), body: body.slice(0, maxTerms) };

  function readTerms(text: string, into: number[], clean: (token: string) => string): void {
    for (const [token] of text.matchAll(/\S+/g)) {
      if (into.length >= maxTerms) return;
      for (const word of clean(token).match(wordPattern) ?? []) into.push(...readWord(word).terms);
    }
  }
}

/** What stands before an address, if anything does. One expression for it would take minutes for a line of a megabyte. */
function withoutAddress(token: string): string {
  const at = token.indexOf("@", 1);
  if (at !== -1 && at < token.length - 1) return "";
  let start = token.indexOf("://");
  if (start <= 0) return token;
  while (start > 0 && /\w/.test(token[start - 1]!)) start--;
  return token.slice(0, start);
}
