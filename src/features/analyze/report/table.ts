import stringWidth from "string-width";
import { pad } from "./style.ts";

export interface Column<Row> {
  /** Text of a cell, already fitted and painted. */
  readonly cell: (row: Row) => string;
  readonly side?: "left" | "right";
}

/** Rows with aligned columns, two spaces apart, indented by two. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string[] {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const widths = columns.map((_, index) => Math.max(0, ...cells.map((line) => stringWidth(line[index]!))));
  return cells.map((line) =>
    `  ${line.map((cell, index) => pad(cell, widths[index]!, columns[index]!.side)).join("  ")}`.trimEnd(),
  );
}
