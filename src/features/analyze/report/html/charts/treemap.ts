import type { AnalysisHistory } from "../../../../../contracts/analysis.ts";
import { html, type Html } from "../markup.ts";
import { clip, plural } from "../wording.ts";
import { chartWidths, heatStep, type ChartSize } from "./scale.ts";
import { chart, short } from "./svg.ts";
import { squarify, type Tile } from "./squarify.ts";

type Hotspot = AnalysisHistory["hotspots"][number];

export const heatSteps = 6;
const heightPx = 420;
const characterPx = 6.9;
const paddingPx = 7;
const leastCharacters = 6;

/** Hotspots: a tile's area is the file's lines, its colour the commits that changed it. */
export function hotspotTreemap(hotspots: readonly Hotspot[]): Html | null {
  const tiles = squarify(hotspots, (file) => file.lines, chartWidths.l, heightPx);
  if (tiles.length === 0) return null;
  const most = Math.max(...hotspots.map((file) => file.commits));
  const worst = hotspots[0]!;
  return chart(
    {
      id: "hotspots",
      title: "Hotspots by lines and commits",
      description: `${plural(tiles.length, "file")}. Area is lines, colour is commits. Highest score: ${clip(worst.path)} with ${plural(worst.lines, "line")} and ${plural(worst.commits, "commit")}.`,
    },
    heightPx,
    tiles.map((tile) => drawTile(tile, most)),
  );
}

/** Each tile is an SVG of its own, which cuts off whatever is longer than the tile. */
function drawTile({ item, x, y, width, height }: Tile<Hotspot>, most: number): Html {
  const name = clip(item.path.slice(item.path.lastIndexOf("/") + 1), 60);
  const facts = `${plural(item.commits, "commit")}, ${plural(item.lines, "line")}`;
  const nameSize = height < 22 ? null : smallestFit(name, width);
  const factsSize = nameSize === null || height < 40 ? null : smallestFit(facts, width);
  const cut = nameSize === null ? cutName(name, width, height) : null;
  return html`<svg
    class="tile h${heatStep(item.commits, most, heatSteps)}"
    x="${across(x)}"
    y="${short(y)}"
    width="${across(width)}"
    height="${short(height)}"
  >
    <rect width="100%" height="100%" />
    ${nameSize !== null && html`<text class="name from-${nameSize}" x="${paddingPx}" y="17">${name}</text>`}${cut !== null && html`<text class="name from-l" x="${paddingPx}" y="17">${cut}</text>`}${factsSize !== null && nameSize !== null && html`<text class="facts from-${widerOf(nameSize, factsSize)}" x="${paddingPx}" y="32">${facts}</text>`}
    <title>${`${clip(item.path)}: ${facts}, score ${item.score.toFixed(2)}`}</title>
  </svg> `;
}

function across(value: number): string {
  return `${short((value / chartWidths.l) * 100)}%`;
}

/** The narrowest chart in which a text fits the tile; null when it never does. */
function smallestFit(text: string, tilePx: number): ChartSize | null {
  const needed = text.length * characterPx + 2 * paddingPx;
  return (
    (["s", "m", "l"] as const).find((size) => needed <= (tilePx / chartWidths.l) * chartWidths[size]) ?? null
  );
}

/** The start of a name that is too long, when enough of it fits to know the file by. */
function cutName(name: string, tilePx: number, tileHeightPx: number): string | null {
  const room = Math.floor((tilePx - 2 * paddingPx) / characterPx) - 1;
  return room < leastCharacters || tileHeightPx < 22 ? null : `${Array.from(name).slice(0, room).join("")}…`;
}

function widerOf(a: ChartSize, b: ChartSize): ChartSize {
  return chartWidths[a] > chartWidths[b] ? a : b;
}
