import stringWidth from "string-width";
import { printableLine } from "./text.ts";

/** Rows in aligned columns; the last column gets what is left of `width` and is cut. */
export function formatColumns(rows: readonly (readonly string[])[], width: number): string {
  const cells = rows.map((row) => row.map(printableLine));
  const last = (cells[0]?.length ?? 1) - 1;
  const widths = Array.from({ length: last }, (_, at) =>
    Math.max(...cells.map((row) => stringWidth(row[at] ?? ""))),
  );
  const left = Math.max(12, width - widths.reduce((sum, one) => sum + one + 2, 0));
  return cells
    .map((row) => {
      const padded = widths.map((wide, at) => row[at]! + " ".repeat(wide - stringWidth(row[at]!) + 2));
      return `${padded.join("")}${cutText(row[last] ?? "", left)}`.trimEnd();
    })
    .map((line) => `${line}\n`)
    .join("");
}

/** A text that takes at most `width` columns. */
export function cutText(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let cut = "";
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(cut + segment) > width - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}
