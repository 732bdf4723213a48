import { html, type Content, type Html } from "../markup.ts";

export interface ChartText {
  /** Letters and digits: part of element ids. */
  readonly id: string;
  readonly title: string;
  /** What the picture says, for those who do not see it. */
  readonly description: string;
}

/**
 * A chart as wide as its place. There is no viewBox: positions across are percentages, so text keeps its size on
 * a phone and on a wide screen. Shapes that need real coordinates stand in a `stretched` part.
 */
export function chart(text: ChartText, heightPx: number, content: Content): Html {
  const { id, title, description } = text;
  return html`<svg
    class="chart"
    role="img"
    aria-labelledby="${id}-svg-title ${id}-svg-desc"
    width="100%"
    height="${heightPx}"
  >
    <title id="${id}-svg-title">${title}</title>
    <desc id="${id}-svg-desc">${description}</desc>
    ${content}
  </svg> `;
}

/** Drawing whose 1 000 units across are stretched to the width of the chart. */
export function stretched(topPx: number, heightPx: number, content: Content): Html {
  return html`<svg
    x="0"
    y="${topPx}"
    width="100%"
    height="${heightPx}"
    viewBox="0 0 1000 ${heightPx}"
    preserveAspectRatio="none"
  >
    ${content}
  </svg>`;
}

/** At most two decimals: more is invisible and makes the page large. */
export function short(value: number): number {
  return Math.round(value * 100) / 100;
}
