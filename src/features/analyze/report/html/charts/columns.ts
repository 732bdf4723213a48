import { formatCount } from "../../../../../base/text.ts";
import { html, type Html } from "../markup.ts";
import { percent, plural } from "../wording.ts";
import { chart, short, type ChartText } from "./svg.ts";

const topPx = 18;
const plotPx = 96;

export interface ColumnValue {
  readonly value: number;
  readonly name: string;
  /** Beneath the column; empty for none. */
  readonly label: string;
}

/** Columns of equal width, the highest with its number. */
export function columnChart(text: ChartText, columns: readonly ColumnValue[]): Html | null {
  const most = Math.max(0, ...columns.map((column) => column.value));
  const total = columns.reduce((sum, column) => sum + column.value, 0);
  if (most === 0) return null;
  const gap = columns.length > 12 ? 0.09 : 0.16;
  const highest = columns.findIndex((column) => column.value === most);
  const width = 100 / columns.length;
  const baseline = topPx + plotPx;
  const draw = ({ value, name, label }: ColumnValue, index: number): Html => {
    const height = Math.max(value > 0 ? 1 : 0, (value / most) * plotPx);
    const middle = `${short((index + 0.5) * width)}%`;
    return html`<g
        ><rect
          class="hit"
          x="${short(index * width)}%"
          width="${short(width)}%"
          y="${topPx}"
          height="${plotPx}"
        /><rect
          x="${short((index + gap) * width)}%"
          width="${short(width * (1 - 2 * gap))}%"
          y="${short(baseline - height)}"
          height="${short(height)}"
        /><title>${`${name}: ${plural(value, "commit")}, ${percent(value / total)}`}</title></g
      >
      ${index === highest && html`<text class="peak" x="${middle}" y="${short(baseline - height - 5)}" text-anchor="${index === 0 && width < 8 ? "start" : index === columns.length - 1 && width < 8 ? "end" : "middle"}">${formatCount(value)}</text>`}
      ${label !== "" && html`<text x="${middle}" y="${baseline + 16}" text-anchor="middle">${label}</text>`}`;
  };
  return chart(
    text,
    baseline + 22,
    html`<g class="bars">${columns.map(draw)}</g
      ><line class="base" x1="0" x2="100%" y1="${baseline}" y2="${baseline}" />`,
  );
}
