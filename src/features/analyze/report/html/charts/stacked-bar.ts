import { html, type Html } from "../markup.ts";
import { chart, short, type ChartText } from "./svg.ts";

export interface Part {
  readonly label: string;
  readonly value: number;
  /** A checked `#rrggbb`, or null for the class alone. */
  readonly color: string | null;
  readonly className: string;
}

const heightPx = 22;
/** Thinner parts cannot be seen; together they make one. */
const leastShare = 0.002;

/** One bar of 100 %. Parts in the order given. */
export function stackedBar(text: ChartText, parts: readonly Part[]): Html | null {
  const total = parts.reduce((sum, part) => sum + Math.max(0, part.value), 0);
  if (total <= 0) return null;
  const seen = parts.filter((part) => part.value / total >= leastShare);
  const rest = total - seen.reduce((sum, part) => sum + part.value, 0);
  const drawn =
    rest / total >= leastShare
      ? [...seen, { label: "others", value: rest, color: null, className: "rest" }]
      : seen;
  let x = 0;
  const rects = drawn.map((part) => {
    const width = (part.value / total) * 100;
    const rect = html`<rect
      class="part ${part.className}"
      x="${short(x)}%"
      width="${short(width)}%"
      height="${heightPx}"
      ${part.color === null ? null : html` fill="${part.color}"`}
      ><title>${part.label}</title></rect
    >`;
    x += width;
    return rect;
  });
  return chart(text, heightPx, html`<g class="stack">${rects}</g>`);
}
