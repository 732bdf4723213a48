import { formatCount } from "../../../../base/text.ts";
import { html, type Content, type Html } from "./markup.ts";

export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => Content;
  /** Numbers stand at the right; a header names its row; a wide cell takes the room that is left. */
  readonly kind?: "number" | "header" | "wide";
  /** Left out where the table is narrow. */
  readonly isMinor?: boolean;
}

export interface TableOptions<Row> {
  /** Letters and digits: part of element ids. */
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Rows shown at once; the rest opens with a check box, which needs no script. */
  readonly shown?: number;
  /** Rows written to the page at all. */
  readonly most?: number;
  readonly isCaptionHidden?: boolean;
}

export function dataTable<Row>(options: TableOptions<Row>): Html | null {
  const { id, caption, columns, rows, shown = 12, most = 60, isCaptionHidden = false } = options;
  if (rows.length === 0) return null;
  const written = rows.slice(0, most);
  // One hidden row would cost as much room as the switch that shows it.
  const visible = written.length <= shown + 2 ? written.length : shown;
  const hidden = written.length - visible;
  const left = rows.length - written.length;
  return html`<div class="table" id="${id}-table">
    <div class="scroll" tabindex="0" role="region" aria-label="${caption}">
      <table>
        <caption class="${isCaptionHidden ? "hidden" : ""}">
          ${caption}
        </caption>
        <thead>
          <tr>
            ${columns.map((column) => html`<th scope="col" ${classes(column)}>${column.head}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${written.map(
            (row, index) =>
              html`<tr${index >= visible ? html` class="extra"` : null}>${columns.map((column) => cell(column, row))}</tr>
`,
          )}
        </tbody>
      </table>
    </div>
    ${
      hidden > 0 &&
      html` <p class="switch">
        <input type="checkbox" id="${id}-more" /><label for="${id}-more"
          >Show ${formatCount(hidden)} more</label
        >
      </p>`
    }${
      left > 0 && html` <p class="quiet left">and ${formatCount(left)} more, all with <code>--json</code></p>`
    }
  </div>`;
}

function cell<Row>(column: Column<Row>, row: Row): Html {
  const content = column.cell(row);
  return column.kind === "header"
    ? html`<th scope="row" ${classes(column)}>${content}</th>`
    : html`<td${classes(column)}>${content}</td>`;
}

function classes(column: { readonly kind?: string; readonly isMinor?: boolean }): Html | null {
  const names = [
    column.kind === "number" && "n",
    column.kind === "wide" && "w",
    column.isMinor === true && "minor",
  ].filter(Boolean);
  return names.length === 0 ? null : html` class="${names.join(" ")}"`;
}

/** Length beside a number, for the eye only. `fraction` is 0 to 1. */
export function barCell(fraction: number, tone = ""): Html {
  const width = Math.max(0, Math.min(1, Number.isFinite(fraction) ? fraction : 0)) * 100;
  return html`<span class="track" aria-hidden="true"
    ><i class="${tone}" style="width:${width.toFixed(1)}%"></i
  ></span>`;
}
