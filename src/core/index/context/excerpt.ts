/** Lines of one unit, whole or in part. */
export interface Excerpt {
  readonly startLine: number;
  readonly endLine: number;
  readonly text: string;
}

const headLines = 6;
const aroundLines = 8;

/** An estimate that errs on the safe side for code, with a number before each line. Beyond ASCII a character is a token. */
export function countTokens(text: string): number {
  let lines = 1;
  let beyondAscii = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10) lines++;
    else if (code > 127) beyondAscii++;
  }
  return Math.ceil((text.length - beyondAscii + lines * 6) / 3.4) + beyondAscii + 4;
}

export interface UnitLines {
  /** First line, with the comments directly above. */
  readonly startLine: number;
  /** Line of the definition itself. */
  readonly line: number;
  readonly endLine: number;
}

/**
 * Lines of a unit as they are shown: all if there are at most `wholeLines`, else its head and the stretch with most of the
 * wanted words.
 */
export function excerptsOf(
  lines: readonly string[],
  unit: UnitLines,
  wholeLines: number,
  weightOf: (line: string) => number,
): [startLine: number, endLine: number][] {
  const take = (startLine: number, endLine: number): [number, number] => [startLine, endLine];
  const end = Math.min(unit.endLine, lines.length);
  if (end - unit.startLine < wholeLines) return [take(unit.startLine, end)];
  const headEnd = Math.min(end, unit.line + headLines - 1);
  const start = Math.max(unit.startLine, unit.line - 3);
  let best = headEnd + 1;
  let most = -1;
  let sum = 0;
  const size = aroundLines * 4;
  const weights = lines.slice(headEnd, end).map(weightOf);
  for (let at = 0; at < weights.length; at++) {
    sum += weights[at]! - (at >= size ? weights[at - size]! : 0);
    if (sum > most) {
      most = sum;
      best = headEnd + 1 + Math.max(0, at - size + 1);
    }
  }
  if (most <= 0) return [take(start, headEnd)];
  const bodyEnd = Math.min(end, best + size - 1);
  return best <= headEnd + 2 ? [take(start, bodyEnd)] : [take(start, headEnd), take(best, bodyEnd)];
}

/** The lines of a definition that say how it is used: up to the one that opens its body, at most four. */
export function signatureOf(lines: readonly string[], line: number, endLine: number): Excerpt {
  let end = line;
  while (
    end < Math.min(line + 3, endLine, lines.length) &&
    !/[{:;]\s*(?:\/\/.*|#.*)?$|=>\s*$|\bdo\s*$/.test(lines[end - 1] ?? "")
  )
    end++;
  return { startLine: line, endLine: end, text: lines.slice(line - 1, end).join("\n") };
}
