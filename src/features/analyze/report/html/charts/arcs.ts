import type { AnalysisHistory } from "../../../../../contracts/analysis.ts";
import { html, type Html } from "../markup.ts";
import { clip, percent, plural } from "../wording.ts";
import { distinctNames } from "./distinct-names.ts";
import { chart, short } from "./svg.ts";

type Pair = AnalysisHistory["coupling"][number];

const mostPairs = 24;
const rowPx = 20;
const groupGapPx = 8;
const widestArcPx = 130;

/** Files under one another, an arc between two that change together. Groups that are not connected stand apart. */
export function couplingArcs(coupling: readonly Pair[]): Html | null {
  const pairs = coupling.slice(0, mostPairs);
  if (pairs.length === 0) return null;
  const groups = connectedGroups(pairs);
  const rows = new Map<string, number>();
  let y = rowPx / 2;
  for (const group of groups) {
    for (const path of group) {
      rows.set(path, y);
      y += rowPx;
    }
    y += groupGapPx;
  }
  const names = distinctNames([...rows.keys()]);
  const longest = Math.max(...pairs.map((pair) => Math.abs(rows.get(pair.a)! - rows.get(pair.b)!)));
  const arcsPx = short(bulgeOf(longest / 2) + 8);
  const strongest = pairs.reduce((best, pair) => (pair.degree > best.degree ? pair : best));
  const mostTogether = Math.max(...pairs.map((pair) => pair.together));
  const arc = (pair: Pair): Html => {
    const [from, to] = [rows.get(pair.a)!, rows.get(pair.b)!].sort((a, b) => a - b) as [number, number];
    const radius = (to - from) / 2;
    const bulge = bulgeOf(radius);
    const width = 1 + 2 * Math.sqrt(pair.together / mostTogether);
    return html`<path
      class="arc a${degreeStep(pair.degree)}"
      stroke-width="${short(width)}"
      d="M${arcsPx} ${from}A${short(bulge)} ${short(radius)} 0 0 0 ${arcsPx} ${to}"
      ><title>
        ${`${clip(pair.a)} and ${clip(pair.b)}: ${plural(pair.together, "commit")} together, ${percent(pair.degree)}`}
      </title></path
    >`;
  };
  return chart(
    {
      id: "coupling",
      title: "Files that change together",
      description: `${plural(rows.size, "file")} and ${plural(pairs.length, "pair")}. Strongest: ${clip(strongest.a)} and ${clip(strongest.b)}, ${percent(strongest.degree)}.`,
    },
    Math.max(rowPx, y - groupGapPx),
    html`${pairs.toSorted((a, b) => a.degree - b.degree).map(arc)}${[...rows].map(([path, at]) => fileLabel(path, names.get(path) ?? path, arcsPx, at))}`,
  );
}

function fileLabel(path: string, name: string, x: number, y: number): Html {
  const folder = path.slice(0, path.length - name.length);
  return html`<circle cx="${x}" cy="${y}" r="2.5" /><text class="file" x="${x + 9}" y="${y + 4}"
      >${clip(name, 60)}<tspan class="dir" dx="8">${clip(folder, 60)}</tspan></text
    > `;
}

/** How far an arc reaches out: more than half of its height when short, for neighbours would hardly show. */
function bulgeOf(radius: number): number {
  return Math.min(widestArcPx, 12 + radius * 0.9);
}

/** Files in groups of those that are connected; strongest group first, by path inside so that folders stay together. */
export function connectedGroups(pairs: readonly Pair[]): string[][] {
  const groupOf = new Map<string, string[]>();
  for (const { a, b } of pairs) {
    const [left, right] = [groupOf.get(a) ?? [a], groupOf.get(b) ?? [b]];
    const merged = [...new Set([...left, ...right])];
    for (const path of merged) groupOf.set(path, merged);
  }
  return [...new Set(groupOf.values())].map((group) => group.toSorted((a, b) => (a < b ? -1 : 1)));
}

function degreeStep(degree: number): number {
  return degree >= 0.8 ? 3 : degree >= 0.6 ? 2 : degree >= 0.4 ? 1 : 0;
}
