/** Round values from 0 up to the first that is not below `most`, about `wanted` steps. */
export function niceTicks(most: number, wanted: number): number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough) ?? 10;
  const step = Math.max(1, factor * power);
  const ticks: number[] = [];
  for (let value = 0; value < most + step; value += step) ticks.push(value);
  return ticks;
}

/** Which of `steps` equal classes a value from 0 to `most` falls into. The root keeps one giant from hiding the rest. */
export function heatStep(value: number, most: number, steps: number): number {
  if (!(most > 0) || !(value > 0)) return 0;
  return Math.min(steps - 1, Math.floor(Math.sqrt(value / most) * steps));
}

export interface Label {
  readonly text: string;
  /** 0 to 1 across the chart. */
  readonly at: number;
  /** Lower is placed first. */
  readonly rank: number;
}

/** Narrowest chart, in pixels, for which a label is meant: phone, column, full width. */
export const chartWidths = { s: 310, m: 620, l: 960, xl: 1180 } as const;
export type ChartSize = keyof typeof chartWidths;
export const chartSizes = ["s", "m", "l", "xl"] as const satisfies readonly ChartSize[];
const labelCharacterPx = 6.4;
const labelGapPx = 10;

/** Labels that stand on one line without touching, for each width of the chart. What fits a phone stays on a wide screen. */
export function placeLabels(labels: readonly Label[]): (Label & { readonly size: ChartSize })[] {
  const byRank = labels.toSorted((a, b) => a.rank - b.rank || b.at - a.at);
  const placed: (Label & { size: ChartSize })[] = [];
  for (const size of chartSizes) {
    const width = chartWidths[size];
    const taken = placed.map((label) => span(label, width));
    for (const label of byRank) {
      const own = span(label, width);
      if (own.to > width || taken.some((other) => own.from < other.to && other.from < own.to)) continue;
      taken.push(own);
      placed.push({ ...label, size });
    }
  }
  return placed;
}

function span(label: Label, width: number): { readonly from: number; readonly to: number } {
  const from = label.at * width;
  return { from, to: from + label.text.length * labelCharacterPx + labelGapPx };
}
