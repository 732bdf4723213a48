import { printable, printableLine } from "../../../base/text.ts";
import { redactSecrets } from "../../../core/llm/redact.ts";
import { cutToTokens } from "./cut-text.ts";
import { unseenLetters } from "./unseen-letters.ts";

/** Lone markers stay after secrets were taken out; what stands between two of them must not vanish from a prompt. */
const keyBegins = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----/;
const keyEnds = /-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----/;
const keyBody = /^[\s"'`+]*[A-Za-z0-9+/=]*[\s"'`\\n,;+]*$/;
const keyMark = "[redacted private key]";

/** Everything visible, on as many lines as before: what a person would not see, a model is told of. */
export function showHidden(text: string): string {
  return printable(text.toWellFormed()).replace(
    unseenLetters,
    (letter) => String.raw`\u{${letter.codePointAt(0)!.toString(16)}}`,
  );
}

/** The same for a name, which stays on its line. */
export function showName(name: string, tokens: number): string {
  return cutToTokens(showHidden(printableLine(name)), tokens);
}

/**
 * Takes secrets out line by line. The gateway does it too, but over a whole prompt: there the two ends of a key may stand in
 * two files, and everything between them would be gone, borders of blocks as well.
 */
export function redactLines(lines: readonly string[], secrets: readonly string[]): readonly string[] {
  let isInside = false;
  return redactSecrets(lines, secrets).texts.map((text) => {
    const begins = keyBegins.test(text);
    const ends = keyEnds.test(text);
    if (begins || ends) {
      isInside = begins;
      return keyMark;
    }
    isInside &&= keyBody.test(text);
    return isInside && text.trim() !== "" ? keyMark : text;
  });
}

/** Text of several lines that somebody wrote, ready to be put between fences. */
export function showText(text: string, tokens: number, secrets: readonly string[]): string {
  // Only what may be shown is worth the work: each letter costs a third of a token at least.
  const lines = redactLines(text.slice(0, tokens * 6).split(/\r\n|[\n\r]/), secrets);
  return cutToTokens(showHidden(lines.join("\n")), tokens).trimEnd();
}
