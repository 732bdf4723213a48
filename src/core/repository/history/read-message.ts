import type { Word } from "../../index/records/words.ts";

/** Terms of one body; what is longer is a list or a log. */
const maxBodyTerms = 120;
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
  for (let at = from; at < lines.length && body.length < maxBodyTerms; at++)
    if (!trailer.test(lines[at]!)) readTerms(lines[at]!.replace(/\b\w+:\/\/\S+|\S+@\S+/g, " "), body);
  const terms: number[] = [];
  readTerms(subject, terms);
  return { subject: terms, body: body.slice(0, maxBodyTerms) };

  function readTerms(text: string, into: number[]): void {
    for (const word of text.match(wordPattern) ?? []) into.push(...readWord(word).terms);
  }
}
