import stringWidth from "string-width";
import { printableLine } from "../../../base/text.ts";
import { pad, paint, type Style, type Tone } from "../../../base/style.ts";

export interface Column<Row> {
  readonly text: (row: Row) => string;
  readonly side?: "left" | "right";
  readonly tone?: Tone | ((row: Row) => Tone);
  /** Shortens a text to a width. Columns without it keep their width. */
  readonly shorten?: (text: string, width: number) => string;
  /** Greatest width of a column that can be shortened. */
  readonly most?: number;
  /** Left out, the last first, where there is no room even with everything shortened. */
  readonly isExtra?: true;
}

const gap = 2;
/** A text shortened further than this says nothing. */
const leastWidth = 12;

/** Rows with aligned columns, two spaces apart, indented by two, no wider than the terminal. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], style: Style): string[] {
  const texts = rows.map((row) => columns.map((column) => printableLine(column.text(row))));
  const shown = [...columns.keys()];
  const widest = columns.map((column, index) =>
    Math.min(column.most ?? Infinity, Math.max(0, ...texts.map((line) => stringWidth(line[index]!)))),
  );
  let widths = shrink(widest, shown, columns, style.columns);
  while (total(widths, shown) > style.columns) {
    const last = shown.findLastIndex((index) => columns[index]!.isExtra);
    if (last < 0) break;
    shown.splice(last, 1);
    widths = shrink(widest, shown, columns, style.columns);
  }
  return rows.map((row, at) =>
    `${" ".repeat(gap)}${shown.map((index) => cell(row, texts[at]![index]!, columns[index]!, widths[index]!, style)).join(" ".repeat(gap))}`.trimEnd(),
  );
}

function cell<Row>(row: Row, text: string, column: Column<Row>, width: number, style: Style): string {
  const short = column.shorten?.(text, width) ?? text;
  const tone = typeof column.tone === "function" ? column.tone(row) : column.tone;
  return pad(tone === undefined ? short : paint(style, tone, short), width, column.side);
}

/** Takes from the widest column that can be shortened until everything fits or nothing is left to take. */
function shrink<Row>(
  widest: readonly number[],
  shown: readonly number[],
  columns: readonly Column<Row>[],
  room: number,
): number[] {
  const widths = [...widest];
  const elastic = shown.filter((index) => columns[index]!.shorten);
  for (let excess = total(widths, shown) - room; excess > 0; excess--) {
    const index = elastic.reduce(
      (best, other) => (widths[other]! > widths[best]! ? other : best),
      elastic[0] ?? -1,
    );
    if (index < 0 || widths[index]! <= leastWidth) break;
    widths[index]!--;
  }
  return widths;
}

function total(widths: readonly number[], shown: readonly number[]): number {
  return shown.reduce((sum, index) => sum + gap + widths[index]!, 0);
}
