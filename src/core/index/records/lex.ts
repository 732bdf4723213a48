import { commentSyntax } from "../../repository/languages/comment-syntax.ts";

/** Where a word stands. */
export const wordPlace = { code: 0, comment: 1, string: 2 } as const;
export type WordPlace = (typeof wordPlace)[keyof typeof wordPlace];

/** As much of a language's syntax as tells code, comments and strings apart. */
export interface LexSyntax {
  /** What begins a comment to the end of the line. */
  readonly lineMarkers: readonly string[];
  /** `/* … *\/` */
  readonly hasBlocks: boolean;
  /** `"""` and `'''`: documentation rather than values. */
  readonly hasDocstrings: boolean;
  /** Whether quotes begin strings. Not in prose, where they are apostrophes. */
  readonly hasStrings: boolean;
  /** Whether `'` begins one too: not where it is a lifetime or a quotation. */
  readonly hasSingleQuotes: boolean;
}

const plain: LexSyntax = {
  lineMarkers: [],
  hasBlocks: false,
  hasDocstrings: false,
  hasStrings: false,
  hasSingleQuotes: false,
};
const withoutSingleQuotes = new Set([
  "Rust",
  "Clojure",
  "Emacs Lisp",
  "Common Lisp",
  "Scheme",
  "OCaml",
  "Haskell",
  "TeX",
]);

/** What `lexWords` needs for a Linguist language; for prose, data and unknown languages every word is text. */
export function lexSyntaxOf(language: string | null): LexSyntax {
  const found = language === null ? undefined : commentSyntax(language);
  if (language === null || found === undefined || found.kind === "filters") return plain;
  const hasSingleQuotes = !withoutSingleQuotes.has(language);
  if (found.kind === "docstrings")
    return { lineMarkers: ["#"], hasBlocks: false, hasDocstrings: true, hasStrings: true, hasSingleQuotes };
  const { drop = [], after = [], slashes, block } = found.syntax;
  const lineMarkers = [...drop, ...after, ...(slashes ? ["//"] : [])].filter((marker) =>
    /^[^\w'"]/.test(marker),
  );
  if (lineMarkers.length === 0 && block !== true) return plain;
  return { lineMarkers, hasBlocks: block === true, hasDocstrings: false, hasStrings: true, hasSingleQuotes };
}

const newline = 10;
const backslash = 92;
const doubleQuote = 34;
const singleQuote = 39;
const backtick = 96;
const slash = 47;
const star = 42;

/**
 * Calls `onWord` for each identifier, word or number of a text with its line (from 1). Never fails: what it takes for a
 * string or comment that never ends goes on to the end of the line, or of the file. `onCommentLine` is told of every
 * line on which a comment begins or goes on, also where it has no word.
 */
export function lexWords(
  text: string,
  syntax: LexSyntax,
  onWord: (start: number, end: number, line: number, place: WordPlace) => void,
  onCommentLine: (line: number) => void = () => {},
): void {
  const { length } = text;
  const markerStarts = new Set(syntax.lineMarkers.map((marker) => marker.charCodeAt(0)));
  let place: WordPlace = wordPlace.code;
  /** What ends the string or comment: a quote's code, 0 for the end of the line, -1 for a block, -3 for a docstring. */
  let until = 0;
  let docQuote = 0;
  let line = 1;
  let at = 0;
  while (at < length) {
    const code = text.charCodeAt(at);
    if (isWordCode(code)) {
      const start = at++;
      while (at < length && isWordCode(text.charCodeAt(at))) at++;
      onWord(start, at, line, place);
      continue;
    }
    at++;
    if (code === newline) {
      line++;
      // A quote that is not closed on its line is no string, but for the kinds that may span lines.
      if (place !== wordPlace.code && until >= 0 && until !== backtick) place = wordPlace.code;
      if (place === wordPlace.comment) onCommentLine(line);
      continue;
    }
    if (place === wordPlace.code) {
      if (markerStarts.has(code) && syntax.lineMarkers.some((marker) => text.startsWith(marker, at - 1))) {
        place = wordPlace.comment;
        until = 0;
      } else if (syntax.hasBlocks && code === slash && text.charCodeAt(at) === star) {
        at++;
        place = wordPlace.comment;
        until = -1;
      } else if (
        syntax.hasStrings &&
        (code === doubleQuote || code === backtick || (code === singleQuote && syntax.hasSingleQuotes))
      ) {
        if (syntax.hasDocstrings && text.charCodeAt(at) === code && text.charCodeAt(at + 1) === code) {
          at += 2;
          place = wordPlace.comment;
          until = -3;
          docQuote = code;
        } else {
          place = wordPlace.string;
          until = code;
        }
      }
      if (place === wordPlace.comment) onCommentLine(line);
    } else if (until === -1) {
      if (code === star && text.charCodeAt(at) === slash) {
        at++;
        place = wordPlace.code;
      }
    } else if (until === -3) {
      if (code === backslash && text.charCodeAt(at) !== newline) at++;
      else if (code === docQuote && text.charCodeAt(at) === code && text.charCodeAt(at + 1) === code) {
        at += 2;
        place = wordPlace.code;
      }
    } else if (until > 0) {
      if (code === backslash && text.charCodeAt(at) !== newline) at++;
      else if (code === until) place = wordPlace.code;
    }
  }
}

/** ASCII letters, digits and `_`; beyond ASCII everything but the blanks and punctuation there. */
function isWordCode(code: number): boolean {
  if (code < 128)
    return (
      (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95
    );
  return code >= 0xaa && code !== 0xab && code !== 0xbb && code !== 0xd7 && code !== 0xf7
    ? !(code >= 0x2000 && code <= 0x2bff) &&
        !(code >= 0x3000 && code <= 0x303f) &&
        !(code >= 0xff00 && code <= 0xff0f) &&
        !(code >= 0xff1a && code <= 0xff20) &&
        !(code >= 0xff3b && code <= 0xff40 && code !== 0xff3f) &&
        !(code >= 0xff5b && code <= 0xff65) &&
        code !== 0xfeff
    : false;
}
