import stringWidth from "string-width";
import { printableLine } from "./text.ts";

/** How text is laid out: width in columns, and whether escape codes may be used. */
export interface Style {
  readonly columns: number;
  readonly hasColor: boolean;
}

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const;
export type Tone = keyof typeof codes;

export function paint(style: Style, tone: Tone, text: string): string {
  if (!style.hasColor || text === "") return text;
  const [on, off] = codes[tone];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}

/** What a person sees as one character: an emoji of several code points is wider than their sum. */
function graphemes(text: string): string[] {
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}

/** How many of the first characters fit into `width` columns. */
function countFitting(characters: readonly string[], width: number): number {
  let used = 0;
  const end = characters.findIndex((character) => (used += stringWidth(character)) > width);
  return end < 0 ? characters.length : end;
}

/** Repository text on one line, safe for a terminal, at most `width` columns. */
export function fit(text: string, width: number): string {
  const safe = printableLine(text);
  if (stringWidth(safe) <= width) return safe;
  const characters = graphemes(safe);
  return `${characters.slice(0, countFitting(characters, width - 1)).join("")}…`;
}

/** A path at most `width` columns wide; its end, which says the most, is kept. */
export function fitPath(path: string, width: number): string {
  const safe = printableLine(path);
  if (stringWidth(safe) <= width) return safe;
  const characters = graphemes(safe).reverse();
  return `…${characters
    .slice(0, countFitting(characters, width - 1))
    .reverse()
    .join("")}`;
}

/** `text` filled with spaces to `width` columns; escape codes count nothing. */
export function pad(text: string, width: number, side: "left" | "right" = "left"): string {
  const fill = " ".repeat(Math.max(0, width - stringWidth(text)));
  return side === "left" ? text + fill : fill + text;
}

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of `fraction` (0 to 1) of `width` columns, drawn in eighths; anything above zero is visible. */
export function bar(fraction: number, width: number): string {
  const units = Math.round(Math.max(0, Math.min(1, fraction)) * width * 8);
  const shown = fraction > 0 ? Math.max(1, units) : 0;
  return "█".repeat(Math.floor(shown / 8)) + eighths[shown % 8]!;
}

const levels = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/** One character for each of `width` stretches of `values`, by the stretch's sum; a stretch of nothing is blank. */
export function sparkline(values: readonly number[], width: number): string {
  const buckets = bucket(values, Math.min(width, values.length));
  const most = Math.max(...buckets, 1);
  return buckets
    .map((value) => (value === 0 ? " " : levels[Math.min(7, Math.floor((value / most) * 8))]!))
    .join("");
}

function bucket(values: readonly number[], count: number): number[] {
  const buckets = Array.from({ length: count }, () => 0);
  for (const [index, value] of values.entries())
    buckets[Math.floor((index * count) / values.length)]! += value;
  return buckets;
}
