import type { LineCounts } from "../../../contracts/file-facts.ts";
import { endsInBackslash, firstInk, lineEnd, matchesAny } from "./scan-bytes.ts";

/** Comment syntax that one pass over the bytes understands. Markers are ASCII, in lower case. */
export interface ScanSyntax {
  /** A physical line that starts with one of these, after white space, is a comment wherever it stands. */
  readonly drop?: readonly string[];
  /** C block comments, which may begin inside a string: cloc does not read strings either. */
  readonly block?: boolean;
  /** `//` to the end of the line. */
  readonly slashes?: boolean;
  /** What is left of a line after block comments went is a comment when it starts with one of these. */
  readonly after?: readonly string[];
  /** As `after`, in the first column only. */
  readonly afterColumn?: readonly string[];
  /** Comments between two lines that start with these in the first column, e.g. `=begin` and `=end`. */
  readonly sections?: readonly (readonly [begin: string, end: string])[];
  /** From a line that starts with one of these in the first column, the rest of the file is no code. */
  readonly stop?: readonly string[];
  /** A blank line after a line that ends in a backslash belongs to it and is code. */
  readonly continuation?: boolean;
  /** The first `#!` line is code although its marker starts a comment. */
  readonly script?: boolean;
  /** A quoted marker begins no comment: `"…/*"` for Java, any string with one in it for Groovy. */
  readonly quoted?: "java" | "groovy";
}

const slash = 47;
const star = 42;

/**
 * Counts lines in one pass without making strings. Follows cloc: what a comment leaves of the lines it spans
 * is one line of code; a block comment that never ends is no comment.
 */
export function scanComments(bytes: Uint8Array, start: number, syntax: ScanSyntax): LineCounts {
  const size = bytes.length;
  const { drop, after, afterColumn, sections, stop, quoted } = syntax;
  const slashes = syntax.slashes === true;
  const continuation = syntax.continuation === true;
  let total = 0;
  let code = 0;
  let blanks = 0;
  let inComment = false;
  let openers = syntax.block === true;
  let sectionEnd: string | null = null;
  let stopped = false;
  /** Offset of the first visible byte of the line of code being put together, or -1. */
  let ink = -1;
  let previousContinues = false;
  let outputContinues = false;
  /** State at the last comment opener, to go back to when it turns out to have no end. */
  let saved = {
    at: 0,
    total: 0,
    code: 0,
    blanks: 0,
    ink: -1,
    previousContinues: false,
    outputContinues: false,
  };
  let resumeAt = -1;

  for (let at = start; at < size || inComment;) {
    if (at >= size) {
      ({ total, code, blanks, ink, previousContinues, outputContinues } = saved);
      resumeAt = saved.at;
      at = resumeAt;
      inComment = false;
      openers = false;
    }
    let index = at;
    if (resumeAt === -1) {
      index = firstInk(bytes, at);
      if (index >= size || bytes[index] === 10) {
        total++;
        if (!continuation || !previousContinues) blanks++;
        else if (!inComment && sectionEnd === null && !stopped) {
          if (ink !== -1 || outputContinues) code++;
          ink = -1;
          outputContinues = false;
        }
        previousContinues = false;
        at = index + 1;
        continue;
      }
      let skipped = stopped || (drop !== undefined && matchesAny(bytes, index, drop));
      if (!skipped && sectionEnd !== null) {
        if (matchesAny(bytes, at, [sectionEnd])) sectionEnd = null;
        skipped = true;
      } else if (!skipped && index === at && (sections !== undefined || stop !== undefined)) {
        const section = sections?.find(([begin]) => matchesAny(bytes, at, [begin]));
        sectionEnd = section?.[1] ?? null;
        stopped = stop !== undefined && matchesAny(bytes, at, stop);
        skipped = stopped || sectionEnd !== null;
      }
      if (skipped) {
        const end = lineEnd(bytes, index);
        total++;
        previousContinues = endsInBackslash(bytes, end);
        at = end + 1;
        continue;
      }
    }
    resumeAt = -1;
    let commentTail = false;
    while (index < size) {
      const byte = bytes[index] as number;
      if (byte === 10) break;
      if (inComment) {
        if (byte === star && bytes[index + 1] === slash) {
          inComment = false;
          index += 2;
        } else index++;
      } else if (byte !== slash) {
        if (ink === -1 && (byte > 32 || byte < 9 || (byte > 13 && byte < 32))) ink = index;
        index++;
      } else if (slashes && bytes[index + 1] === slash) {
        index = lineEnd(bytes, index);
        commentTail = true;
      } else if (
        openers &&
        bytes[index + 1] === star &&
        (quoted === undefined || !isQuoted(bytes, index, quoted))
      ) {
        saved = { at: index, total, code, blanks, ink, previousContinues, outputContinues };
        inComment = true;
        index += 2;
      } else {
        if (ink === -1) ink = index;
        index++;
      }
    }
    total++;
    previousContinues = endsInBackslash(bytes, index);
    // A line comment that ends in a backslash takes the line end with it: the next line joins this one.
    const joins = commentTail && previousContinues && quoted === undefined;
    if (!inComment && !joins) {
      const isCode =
        ink !== -1 &&
        (after === undefined || !matchesAny(bytes, ink, after)) &&
        (afterColumn === undefined || bytes[ink - 1] !== 10 || !matchesAny(bytes, ink, afterColumn));
      if (isCode || (continuation && outputContinues)) code++;
      outputContinues = isCode && previousContinues && !commentTail;
      ink = -1;
    }
    at = index + 1;
  }
  if (ink !== -1) code++;
  return { code, comments: total - blanks - code, blanks };
}

/** How far on a line the quotes around a comment marker are looked for. */
const quoteReachBytes = 1000;

/** Whether the `/*` at `index` stands in a string in the sense of cloc's filters for Java and Groovy. */
function isQuoted(bytes: Uint8Array, index: number, rule: "java" | "groovy"): boolean {
  const first = Math.max(0, index - quoteReachBytes);
  const last = Math.min(bytes.length, index + quoteReachBytes);
  for (const quote of [34, 39]) {
    let before = index - 1;
    while (before >= first && bytes[before] !== 10 && bytes[before] !== quote) before--;
    if (before < first || bytes[before] !== quote) continue;
    if (rule === "java") {
      if (bytes[index + 2] === quote) return true;
      continue;
    }
    let behind = index + 2;
    while (behind < last && bytes[behind] !== 10 && bytes[behind] !== quote) behind++;
    if (behind < last && bytes[behind] === quote) return true;
  }
  return false;
}
