import { unseenLetters } from "./unseen-letters.ts";

/** Letters that steer terminals. */
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/** Only what leads somewhere: `handlers[at](event)` is code. */
const markdownLink = /!?\[([^[\]]{0,400})\]\([^()]{0,4000}?[:/][^()]{0,4000}\)/g;
const address = /\b[a-z][a-z0-9+.-]{0,30}:\/\/\S*|\bwww\.\S+/gi;
const noAddress = "[address left out]";

const mostSuggestedLines = 30;
const mostSuggestedLetters = 3_000;

/**
 * One sentence or paragraph that a model wrote: on one line, without letters that nobody sees, without addresses (what it was
 * shown may have told it to send readers somewhere), and cut at `most` letters. What it means as HTML or Markdown is for those
 * who write HTML or Markdown to undo.
 */
export function cleanWords(text: string, most: number): string {
  const bounded = text.slice(0, most * 8).toWellFormed();
  const plain = bounded
    .replaceAll(/\s+/g, " ")
    .replace(controls, "")
    .replace(unseenLetters, "")
    .replace(markdownLink, "$1")
    .replace(address, noAddress)
    // What is left of a link that was cut in two.
    .replaceAll("](", "] (");
  const short = plain.replaceAll(/\s+/g, " ").trim();
  return short.length <= most
    ? short
    : `${short
        .slice(0, most - 1)
        .trimEnd()
        .toWellFormed()}…`;
}

/** Lines to put in place of `quoted`; null for what nobody should be offered at the press of a button. */
export function cleanSuggestion(text: string, quoted: readonly string[]): string | null {
  const lines = text.replaceAll(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
  const whole = lines.join("\n");
  const before = quoted.join("\n");
  if (lines.length > mostSuggestedLines || whole.length > mostSuggestedLetters) return null;
  if (!whole.isWellFormed() || whole.includes("[redacted ")) return null;
  if (whole.search(controls) >= 0 || whole.search(unseenLetters) >= 0) return null;
  if (whole.includes("```") && !before.includes("```")) return null;
  if ((whole.match(address) ?? []).some((one) => !before.includes(one))) return null;
  const indented = indentAs(lines, quoted).join("\n");
  return indented === before ? null : indented;
}

/** Models like to begin at the left border: the whole is moved to where the quoted lines stand. */
function indentAs(lines: readonly string[], quoted: readonly string[]): readonly string[] {
  const wanted = leastIndent(quoted);
  return wanted === "" || leastIndent(lines) !== ""
    ? lines
    : lines.map((line) => (line.trim() === "" ? "" : wanted + line));
}

function leastIndent(lines: readonly string[]): string {
  const indents = lines.filter((line) => line.trim() !== "").map((line) => /^[ \t]*/.exec(line)![0]);
  return indents.reduce((least, indent) => (indent.length < least.length ? indent : least), indents[0] ?? "");
}
