import type { ShownLine } from "./shown-lines.ts";

export interface LocatedQuote {
  readonly line: number;
  readonly endLine: number;
  /** Whether the quote is exactly these lines as they stand in the file: then they can be replaced. */
  readonly isExact: boolean;
  /** The lines themselves, as they are shown. */
  readonly lines: readonly string[];
}

/** A quote that is only part of a line says little when it is shorter. */
const leastPart = 8;
const mostQuoteLines = 6;
/** Lines around two places that look the same, in which a difference is looked for. */
const aroundLines = 4;
const leastWord = 4;

type Match = readonly [numbered: readonly ShownLine[], start: number, length: number];
type Reading = {
  readonly isExact: boolean;
  readonly fits: (line: string, at: number, quote: readonly string[]) => boolean;
};

const squeeze = (text: string): string => text.replaceAll(/\s+/g, " ").trim();
/** From the strictest to the most lenient. */
const readings: readonly Reading[] = [
  // Blanks at the end of a line are not shown, and go when the line is replaced.
  { isExact: true, fits: (line, at, quote) => line.trimEnd() === quote[at]!.trimEnd() },
  { isExact: false, fits: (line, at, quote) => squeeze(line) === squeeze(quote[at]!) },
  { isExact: false, fits: fitsInPart },
];

/**
 * Finds the code that a finding is about in what was shown of its file: never by the number that a model gives, which only
 * decides between several places that read the same. Null when it is not there, touches no added line, or could be several
 * places that nothing tells apart.
 */
export function locateQuote(
  quote: string,
  hint: number | null,
  words: string,
  shown: readonly (readonly ShownLine[])[],
): LocatedQuote | null {
  const all = trimBlank(quote.replaceAll(/\r\n?/g, "\n").split("\n"));
  const lines = trimBlank(all.slice(0, mostQuoteLines));
  if (lines.length === 0) return null;
  const sides = shown.map((part) => part.filter(({ line }) => line !== null));
  // Some models copy number and mark all the same.
  const candidates = [lines, lines.map((line) => line.replace(/^\s*\d*\s*[+ ] /, ""))];
  for (const reading of readings)
    for (const candidate of candidates) {
      const matches = sides.flatMap((side) => findMatches(side, candidate, reading));
      if (matches.length === 0) continue;
      const match = choose(matches, hint, words);
      if (match === null) return null;
      const [side, start, length] = match;
      const found = side.slice(start, start + length);
      return {
        line: found[0]!.line!,
        endLine: found.at(-1)!.line!,
        isExact: reading.isExact && all.length === lines.length && found.every(({ isExact }) => isExact),
        lines: found.map(({ text }) => text),
      };
    }
  return null;
}

function findMatches(
  side: readonly ShownLine[],
  quote: readonly string[],
  { fits }: Reading,
): readonly Match[] {
  const matches: Match[] = [];
  for (let start = 0; start + quote.length <= side.length; start++) {
    if (!quote.every((_, at) => fits(side[start + at]!.text, at, quote))) continue;
    const found = side.slice(start, start + quote.length);
    const isConnected = found.every(({ line }, at) => line === found[0]!.line! + at);
    if (isConnected && found.some(({ mark }) => mark === "+")) matches.push([side, start, quote.length]);
  }
  return matches;
}

/** The first line may begin late, the last one end early. */
function fitsInPart(line: string, at: number, quote: readonly string[]): boolean {
  const whole = squeeze(line);
  const part = squeeze(quote[at]!);
  if (quote.length === 1)
    return part.length >= leastPart && /[\p{L}\p{N}]/u.test(part) && whole.includes(part);
  if (at === 0) return part !== "" && whole.endsWith(part);
  return at === quote.length - 1 ? part !== "" && whole.startsWith(part) : whole === part;
}

/** The place nearest to the number; without one the place around which most of the finding's own words stand. */
function choose(matches: readonly Match[], hint: number | null, words: string): Match | null {
  if (matches.length === 1) return matches[0]!;
  const wanted = new Set(wordsOf(words));
  const costs = matches.map(([side, start, length]) => {
    if (hint !== null) return Math.abs(side[start]!.line! - hint);
    const around = [
      ...side.slice(Math.max(0, start - aroundLines), start),
      ...side.slice(start + length, start + length + aroundLines),
    ];
    return -new Set(around.flatMap(({ text }) => wordsOf(text)).filter((word) => wanted.has(word))).size;
  });
  const least = Math.min(...costs);
  return costs.filter((cost) => cost === least).length === 1 ? matches[costs.indexOf(least)]! : null;
}

function wordsOf(text: string): readonly string[] {
  return (text.match(/[\p{L}\p{N}_$]+/gu) ?? []).filter((word) => word.length >= leastWord);
}

function trimBlank(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== "");
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex((line) => line.trim() !== "") + 1);
}
