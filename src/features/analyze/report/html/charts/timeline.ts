import type { AnalysisHistory } from "../../../../../contracts/analysis.ts";
import { formatCount } from "../../../../../base/text.ts";
import { html, type Html } from "../markup.ts";
import { plural } from "../wording.ts";
import { releaseMarks } from "./release-marks.ts";
import { niceTicks, placeLabels } from "./scale.ts";
import { chart, short, stretched } from "./svg.ts";
import { timeTicks } from "./time-axis.ts";
import { bucketActivity, type Bucket, type Buckets } from "./time-buckets.ts";

const topPx = 18;
const plotPx = 190;
const axisPx = 22;
const releasesPx = 40;

/** Commits over time as bars, with the releases beneath on the same time line. */
export function timelineChart(history: Pick<AnalysisHistory, "activity" | "tags">): Html | null {
  const grouped = bucketActivity(history.activity);
  const [first, last] = [grouped.buckets[0], grouped.buckets.at(-1)];
  if (first === undefined || last === undefined) return null;
  const busiest = grouped.buckets.reduce(
    (best, bucket) => (bucket.commits > best.commits ? bucket : best),
    first,
  );
  const ticks = niceTicks(busiest.commits, 4);
  const top = ticks.at(-1)!;
  const baseline = topPx + plotPx;
  const releases = releaseMarks(history.tags, first.fromMs, last.toMs);
  const hasReleases = releases.marks.length > 0;
  return chart(
    {
      id: "activity",
      title: `Commits by ${grouped.unit}`,
      description: `${plural(
        grouped.buckets.reduce((sum, bucket) => sum + bucket.commits, 0),
        "commit",
      )} from ${first.label} to ${last.label}. Busiest: ${busiest.label} with ${formatCount(busiest.commits)}.${hasReleases ? ` ${plural(history.tags.length, "tag")} beneath.` : ""}`,
    },
    baseline + axisPx + (hasReleases ? releasesPx : 0),
    html`${ticks.map((value) => gridLine(value, baseline - (value / top) * plotPx))}
    ${stretched(topPx, plotPx, bars(grouped, top))}
    ${ticks.slice(1).map((value) => html`<text class="on-grid" x="0" y="${short(baseline - (value / top) * plotPx - 4)}">${formatCount(value)}</text>`)}
    ${placeLabels(timeTicks(first.fromMs, last.toMs)).map((tick) => html`<g class="from-${tick.size}"><line class="tick" x1="${percentAcross(tick.at)}" x2="${percentAcross(tick.at)}" y1="${baseline}" y2="${baseline + 5}" /><text x="${percentAcross(tick.at)}" dx="4" y="${baseline + 15}">${tick.text}</text></g>`)}
    ${hasReleases && releaseLane(releases, baseline + axisPx + 6)}`,
  );
}

function gridLine(value: number, y: number): Html {
  return html`<line
    class="${value === 0 ? "base" : "grid"}"
    x1="0"
    x2="100%"
    y1="${short(y)}"
    y2="${short(y)}"
  />`;
}

function bars({ buckets, unit }: Buckets, top: number): Html {
  const from = buckets[0]!.fromMs;
  const scale = 1000 / (buckets.at(-1)!.toMs - from);
  const bar = (bucket: Bucket): Html | null => {
    if (bucket.commits === 0) return null;
    const height = (bucket.commits / top) * plotPx;
    const x = (bucket.fromMs - from) * scale;
    const width = (bucket.toMs - bucket.fromMs) * scale;
    const label = `${bucket.label}: ${plural(bucket.commits, "commit")}`;
    return html`<g
      ><path class="hit" d="M${short(x)} 0h${short(width)}v${plotPx}h-${short(width)}z" /><path
        d="M${short(x + width * 0.08)} ${short(plotPx - height)}h${short(width * 0.84)}V${plotPx}h-${short(width * 0.84)}z"
      /><title>${label}</title></g
    >`;
  };
  return html`<g class="bars" data-unit="${unit}">${buckets.map(bar)}</g>`;
}

function releaseLane(releases: ReturnType<typeof releaseMarks>, y: number): Html {
  const path = releases.marks.map((at) => `M${short(at * 1000)} 0V9`).join("");
  return html`${stretched(y, 9, html`<path class="marks" d="${path}" />`)}
  ${releases.labels.map((label) => html`<g class="from-${label.size}"><line class="mark" x1="${percentAcross(label.at)}" x2="${percentAcross(label.at)}" y1="${y}" y2="${y + 22}" /><text x="${percentAcross(label.at)}" dx="4" y="${y + 22}">${label.text}</text></g>`)}`;
}

function percentAcross(at: number): string {
  return `${short(at * 100)}%`;
}
