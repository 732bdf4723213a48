const minWords = 4;
const maxSentence = 300;
const markers = /^\s*(?:\/{2,}!?|\/\*+!?|\*+\/?|#+|--+|;+|%+|"""|'''|<!--)?\s?|\s*(?:\*+\/|"""|'''|-->)\s*$/g;
/** Lines that are for programs: tags of documentation, attributes, decorators, licences. */
const forPrograms = /^\s*(?:[@\\]\w|#?!?\[|<\/?\w+[^>]*>\s*$|:\w+|eslint|noqa|type:|nolint|go:)/;

/**
 * First sentence of what is said about a definition: the comment directly above it, or the text below a Python one.
 * Its own name is taken out: Go's comments begin with it. Null when fewer than four words are left.
 */
export function readDocSentence(
  lines: readonly string[],
  unit: {
    readonly startLine: number;
    readonly line: number;
    readonly endLine: number;
    readonly name: string;
  },
  isPython: boolean,
): string | null {
  const text = isPython
    ? readDocstring(lines, unit.line, unit.endLine)
    : cleanComment(lines.slice(unit.startLine - 1, unit.line - 1));
  const names = new Set([unit.name, unit.name.split(/[^\p{L}\p{M}\p{N}_$]+/u).at(-1)]);
  const sentence = firstSentence(text)
    .replace(/[\p{L}\p{M}\p{N}_$.]+/gu, (word) => (names.has(word) ? " " : word))
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, maxSentence);
  return (sentence.match(/[\p{L}\p{M}\p{N}_]+/gu) ?? []).length < minWords ? null : sentence;
}

function cleanComment(lines: readonly string[]): string {
  const kept: string[] = [];
  for (const line of lines) {
    const text = line.replace(markers, "").replace(markers, "");
    if (forPrograms.test(text)) {
      if (kept.length > 0) break;
      continue;
    }
    // The first paragraph is enough.
    if (text.trim() === "" && kept.length > 0) break;
    if (text.trim() !== "") kept.push(text.trim());
  }
  return kept.join(" ");
}

function readDocstring(lines: readonly string[], from: number, to: number): string {
  let at = from - 1;
  while (at < to && !/^\s*(?:async\s+)?def\b/.test(lines[at] ?? "")) at++;
  // The head of a function may span lines.
  while (at < to && !/:\s*(?:#.*)?$/.test(lines[at] ?? "")) at++;
  at++;
  const open = /^\s*[rRuUbB]{0,2}("""|''')/.exec(lines[at] ?? "");
  if (open === null || at >= to) return "";
  const body = [lines[at]!.slice(open[0].length), ...lines.slice(at + 1, to)].join("\n");
  const end = body.indexOf(open[1]!);
  return cleanComment((end < 0 ? body : body.slice(0, end)).split("\n"));
}

function firstSentence(text: string): string {
  const plain = text.replace(/<\/?\w+[^>]*>|\{@\w+ ([^}]*)\}/g, " $1 ").trim();
  const end = /[.!?:](?=\s|$)/.exec(plain);
  return end === null ? plain : plain.slice(0, end.index);
}
