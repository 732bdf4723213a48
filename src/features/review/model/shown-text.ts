import { printable, printableLine } from "../../../base/text.ts";
import { redactSecrets } from "../../../core/llm/redact.ts";
import { cutToEnd, cutToTokens } from "./cut-text.ts";
import { unseenLetters } from "./unseen-letters.ts";

/** Lone markers stay after secrets were taken out; what stands between two of them must not vanish from a prompt. */
const keyMarkers = /-----(BEGIN|END) [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----/g;
const keyLine = /^[\s"'`+]*[A-Za-z0-9+/=]*[\s"'`\\n,;+]*$/;
const keyPart = /[A-Za-z0-9+/=]{40,}/g;
const keyMark = "[redacted private key]";

/** Everything visible, on as many lines as before: what a person would not see, a model is told of. */
export function showHidden(text: string): string {
  return printable(text.toWellFormed()).replace(
    unseenLetters,
    (letter) => String.raw`\u{${letter.codePointAt(0)!.toString(16)}}`,
  );
}

/** The same for what stays on its line. */
export function showLine(line: string, tokens: number, secrets: readonly string[]): string {
  return cutToTokens(toSafeLine(line, secrets), tokens);
}

/** The same for a path. */
export function showPath(path: string, tokens: number, secrets: readonly string[]): string {
  return cutToEnd(toSafeLine(path, secrets), tokens);
}

function toSafeLine(line: string, secrets: readonly string[]): string {
  return showHidden(redactLines([printableLine(line)], secrets)[0]!);
}

/**
 * Takes secrets out line by line. The gateway does it too, but over a whole prompt: there the two ends of a key may stand in
 * two files, and everything between them would be gone, borders of blocks as well.
 */
export function redactLines(lines: readonly string[], secrets: readonly string[]): readonly string[] {
  let isInside = false;
  return redactSecrets(lines, secrets).texts.map((text) => {
    const markers = [...text.matchAll(keyMarkers)];
    if (markers.length > 0) {
      isInside = markers.at(-1)![1] === "BEGIN";
      // Only the key goes: code beside a marker would be hidden by it.
      return text.replace(keyMarkers, keyMark).replace(keyPart, keyMark);
    }
    isInside &&= keyLine.test(text);
    return isInside && text.trim() !== "" ? keyMark : text;
  });
}

/** Text of several lines that somebody wrote, ready to be put between fences. */
export function showText(text: string, tokens: number, secrets: readonly string[]): string {
  // Only what may be shown is worth the work: each letter costs a third of a token at least.
  const lines = redactLines(text.slice(0, tokens * 6).split(/\r\n|[\n\r]/), secrets);
  return cutToTokens(showHidden(lines.join("\n")), tokens).trimEnd();
}
