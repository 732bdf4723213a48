import { costOfLine, type ShownLine } from "./shown-lines.ts";

/** Borders are looked for in the rear part of what fits. */
const leastFill = 0.5;
/** Deeper lines are all the same. */
const deepest = 12;

/**
 * Parts that each cost at most `mostThirds`. They end where the text itself says so, not where a count runs out: then a line
 * that is added at the top moves the first border, and the others stay.
 */
export function cutLines(lines: readonly ShownLine[], mostThirds: number): readonly (readonly ShownLine[])[] {
  const parts: (readonly ShownLine[])[] = [];
  for (let start = 0; start < lines.length;) {
    let end = start;
    for (let cost = 0; end < lines.length; end++) {
      cost += costOfLine(lines[end]!);
      if (cost > mostThirds && end > start) break;
    }
    const border = end === lines.length ? end : findBorder(lines, start, end);
    parts.push(lines.slice(start, border));
    start = border;
  }
  return parts;
}

/** Before the line that is indented least; of several, the one whose text has the smallest hash. */
function findBorder(lines: readonly ShownLine[], start: number, end: number): number {
  let best = end;
  let lowest = Infinity;
  for (let at = Math.max(start + 1, start + Math.ceil((end - start) * leastFill)); at <= end; at++) {
    const { text } = lines[at]!;
    const indent = text.trim() === "" ? deepest : Math.min(deepest, text.length - text.trimStart().length);
    const rank = indent + hashShare(text);
    if (rank > lowest) continue;
    lowest = rank;
    best = at;
  }
  return best;
}

/** From 0 up to 1. */
function hashShare(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
