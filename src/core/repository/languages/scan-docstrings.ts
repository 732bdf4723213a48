import type { LineCounts } from "../../../contracts/file-facts.ts";
import { endsInBackslash, firstInk } from "./scan-bytes.ts";

/** Options of a language with `#` comments and triple-quoted strings that count as comments. */
export interface DocstringSyntax {
  /** Lines with a C comment marker count as comments whole (cloc's rule for Python, where they are file globs). */
  readonly globLines: boolean;
  readonly continuation: boolean;
  /** The first `#!` line is code although its marker starts a comment. */
  readonly script?: boolean;
}

const hash = 35;

/**
 * Counts lines as cloc does for Python: every triple quote opens or closes a comment, wherever it stands and
 * of whichever kind, and one that is never closed is code.
 */
export function scanDocstrings(bytes: Uint8Array, start: number, syntax: DocstringSyntax): LineCounts {
  const size = bytes.length;
  const { globLines, continuation } = syntax;
  let total = 0;
  let code = 0;
  let blanks = 0;
  let inComment = false;
  /** Flips with every triple quote, whatever the comment state is. */
  let inDocstring = false;
  let openers = true;
  let ink = -1;
  let previousContinues = false;
  let outputContinues = false;
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
      const first = bytes[index];
      if (index >= size || first === 10) {
        total++;
        if (!continuation || !previousContinues) blanks++;
        else if (!inComment) {
          if (outputContinues) code++;
          outputContinues = false;
        }
        previousContinues = false;
        at = index + 1;
        continue;
      }
      let end = index;
      let globs = false;
      let special = false;
      for (; end < size; end++) {
        const byte = bytes[end] as number;
        if (byte === 10) break;
        if (byte === 34 || byte === 39) special ||= bytes[end + 1] === byte && bytes[end + 2] === byte;
        else if (byte === 42) globs ||= bytes[end + 1] === 47 || bytes[end - 1] === 47;
      }
      if (first === hash || (globs && globLines)) {
        total++;
        previousContinues = endsInBackslash(bytes, end);
        at = end + 1;
        continue;
      }
      special ||= globs;
      if (!special) {
        if (ink === -1 && !inComment) ink = index;
        index = end;
      }
    }
    resumeAt = -1;
    while (index < size) {
      const byte = bytes[index] as number;
      if (byte === 10) break;
      const quote = byte === 117 || byte === 85 ? index + 1 : index;
      const triple = isTriple(bytes, quote) && (quote === index || !inDocstring);
      const opens = triple ? !inDocstring : byte === 47 && bytes[index + 1] === 42;
      const closes = triple ? inDocstring : byte === 42 && bytes[index + 1] === 47;
      if (triple) inDocstring = !inDocstring;
      const length = triple ? quote - index + 3 : 2;
      if (inComment) {
        if (closes) inComment = false;
        index += opens || closes ? length : 1;
      } else if (opens && openers) {
        saved = { at: index, total, code, blanks, ink, previousContinues, outputContinues };
        inComment = true;
        index += length;
      } else {
        if (ink === -1 && (byte > 32 || byte < 9 || (byte > 13 && byte < 32))) ink = index;
        index += triple ? length : 1;
      }
    }
    total++;
    previousContinues = endsInBackslash(bytes, index);
    if (!inComment) {
      const isCode = ink !== -1;
      if (isCode || (continuation && outputContinues)) code++;
      outputContinues = isCode && previousContinues;
      ink = -1;
    }
    at = index + 1;
  }
  if (syntax.script === true && hasShebang(bytes, start)) code++;
  return { code, comments: total - blanks - code, blanks };
}

function isTriple(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at];
  return (byte === 34 || byte === 39) && bytes[at + 1] === byte && bytes[at + 2] === byte;
}

/** Whether the first line that is not blank starts with `#!`. */
export function hasShebang(bytes: Uint8Array, start: number): boolean {
  let at = start;
  while (at < bytes.length) {
    const index = firstInk(bytes, at);
    if (bytes[index] === 10) at = index + 1;
    else return index === at && bytes[index] === hash && bytes[index + 1] === 33;
  }
  return false;
}
