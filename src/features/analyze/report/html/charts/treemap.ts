import type { AnalysisHistory } from "../../../../../contracts/analysis.ts";
import { html, type Html } from "../markup.ts";
import { clip, plural } from "../wording.ts";
import { distinctNames } from "./distinct-names.ts";
import { chartWidths, heatStep, type ChartSize } from "./scale.ts";
import { chart, short } from "./svg.ts";
import { squarify, type Tile } from "./squarify.ts";

type Hotspot = AnalysisHistory["hotspots"][number];

/** One drawing for a page with room and one for a phone: squares laid out for the one are slivers on the other. */
const layouts = {
  wide: { id: "hotspots", widthPx: chartWidths.l, tiles: 50, sizes: ["m", "l", "xl"] },
  narrow: { id: "hotspots-narrow", widthPx: chartWidths.s, tiles: 20, sizes: ["s"] },
} as const satisfies Record<
  string,
  { id: string; widthPx: number; tiles: number; sizes: readonly ChartSize[] }
>;
type Layout = (typeof layouts)[keyof typeof layouts];

export const heatSteps = 6;
const heightPx = 420;
const characterPx = 7.3;
const paddingPx = 7;
const leastCharacters = 6;

/** Hotspots: a tile's area is the file's lines, its colour the commits that changed it. */
export function hotspotTreemap(hotspots: readonly Hotspot[]): Html | null {
  if (!hotspots.some((file) => file.lines > 0)) return null;
  return html`<div class="for-wide">${draw(hotspots, layouts.wide)}</div>
    <div class="for-narrow">${draw(hotspots, layouts.narrow)}</div>`;
}

function draw(hotspots: readonly Hotspot[], layout: Layout): Html {
  const shown = hotspots.slice(0, layout.tiles);
  const tiles = squarify(shown, (file) => file.lines, layout.widthPx, heightPx);
  const most = Math.max(...hotspots.map((file) => file.commits));
  const names = distinctNames(shown.map((file) => file.path));
  const worst = hotspots[0]!;
  return chart(
    {
      id: layout.id,
      title: "Hotspots by lines and commits",
      description: `${plural(tiles.length, "file")}. Area is lines, colour is commits. Highest score: ${clip(worst.path)} with ${plural(worst.lines, "line")} and ${plural(worst.commits, "commit")}.`,
    },
    heightPx,
    tiles.map((tile) => drawTile(tile, most, clip(names.get(tile.item.path) ?? "", 60), layout)),
  );
}

/** Each tile is an SVG of its own, which cuts off whatever is longer than the tile. */
function drawTile(
  { item, x, y, width, height }: Tile<Hotspot>,
  most: number,
  name: string,
  layout: Layout,
): Html {
  const facts = `${plural(item.commits, "commit")}, ${plural(item.lines, "line")}`;
  const longer = Math.max(textPx(name), textPx(facts));
  const factsFit = layout.sizes.find((size) => longer <= roomPx(width, size, layout));
  const across = (value: number): string => `${short((value / layout.widthPx) * 100)}%`;
  return html`<svg
    class="tile h${heatStep(item.commits, most, heatSteps)}"
    x="${across(x)}"
    y="${short(y)}"
    width="${across(width)}"
    height="${short(height)}"
  >
    <rect width="100%" height="100%" />
    ${height >= 22 && tileNames(name, width, layout)}${height >= 40 && factsFit !== undefined && html`<text class="facts from-${factsFit}" x="${paddingPx}" y="32">${facts}</text>`}
    <title>${`${clip(item.path)}: ${facts}, score ${item.score.toFixed(2)}`}</title>
  </svg> `;
}

/** The name as far as it fits, for each width of the chart until it fits whole. */
function tileNames(name: string, tilePx: number, layout: Layout): Html[] {
  const texts: Html[] = [];
  for (const size of layout.sizes) {
    const room = roomPx(tilePx, size, layout);
    if (textPx(name) <= room) {
      texts.push(html`<text class="name from-${size}" x="${paddingPx}" y="17">${name}</text>`);
      break;
    }
    const kept = Math.floor(room / characterPx) - 1;
    if (kept < leastCharacters) continue;
    texts.push(
      html`<text class="name at-${size}" x="${paddingPx}" y="17"
        >${Array.from(name).slice(0, kept).join("")}…</text
      >`,
    );
  }
  return texts;
}

function textPx(text: string): number {
  return text.length * characterPx;
}

/** Room for text in a tile, when the chart is as narrow as `size` allows. */
function roomPx(tilePx: number, size: ChartSize, layout: Layout): number {
  return (tilePx / layout.widthPx) * chartWidths[size] - 2 * paddingPx;
}
