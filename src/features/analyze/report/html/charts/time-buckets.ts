import type { AnalysisHistory } from "../../../../../contracts/analysis.ts";
import { monthYear } from "../wording.ts";

type Activity = AnalysisHistory["activity"];

export interface Bucket {
  readonly label: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly commits: number;
}

export interface Buckets {
  readonly unit: string;
  readonly buckets: readonly Bucket[];
}

const weekMs = 7 * 86_400_000;
/** More bars than this are thinner than the gaps between them. */
const mostBuckets = 240;
const mostWeeks = 156;
const strayGapMs = 104 * weekMs;
const mostStray = 0.005;

/** Weeks put together so that the bars stay visible: weeks, months, quarters, years or several years. */
export function bucketActivity(activity: Activity): Buckets {
  const weeks = activity
    .map((entry) => ({ at: Date.parse(entry.week), commits: entry.commits }))
    .filter((entry) => Number.isFinite(entry.at))
    .sort((a, b) => a.at - b.at);
  const first = weeks[0];
  const last = weeks.at(-1);
  if (first === undefined || last === undefined) return { unit: "week", buckets: [] };
  if ((last.at - first.at) / weekMs < mostWeeks)
    return group(
      weeks,
      "week",
      (at) => Math.round((at - first.at) / weekMs),
      (index) => first.at + index * weekMs,
      (fromMs) => `Week of ${isoDay(fromMs)}`,
    );
  const months = monthOfWeek(last.at) - monthOfWeek(first.at) + 1;
  const size =
    months <= mostBuckets ? 1 : months / 3 <= mostBuckets ? 3 : 12 * Math.ceil(months / 12 / mostBuckets);
  const base = Math.floor(monthOfWeek(first.at) / size);
  const unit = size === 1 ? "month" : size === 3 ? "quarter" : size === 12 ? "year" : `${size / 12} years`;
  return group(
    weeks,
    unit,
    (at) => Math.floor(monthOfWeek(at) / size) - base,
    (index) => monthStart((index + base) * size),
    (fromMs) => bucketLabel(fromMs, size),
  );
}

/**
 * A clock set to 1970 or 2000 puts a handful of commits years before the first real one; drawn, they leave a chart
 * of nothing. Left out: ends that hold few commits and are parted from the rest by years without any.
 */
export function withoutWrongClocks(activity: Activity): {
  readonly activity: Activity;
  readonly leftOut: number;
} {
  const total = activity.reduce((sum, entry) => sum + entry.commits, 0);
  const start = lengthOfStray(activity, total);
  const end = lengthOfStray(activity.slice(start).toReversed(), total);
  const kept = activity.slice(start, activity.length - end);
  return { activity: kept, leftOut: total - kept.reduce((sum, entry) => sum + entry.commits, 0) };
}

function lengthOfStray(activity: Activity, total: number): number {
  let seen = 0;
  let lastAt: number | null = null;
  let stray = 0;
  for (const [index, entry] of activity.entries()) {
    if (entry.commits === 0) continue;
    const at = Date.parse(entry.week);
    if (lastAt !== null && Math.abs(at - lastAt) > strayGapMs) stray = index;
    seen += entry.commits;
    if (seen > total * mostStray) break;
    lastAt = at;
  }
  return stray;
}

/** Commits by calendar year: what the chart shows, as a table. */
export function commitsByYear(activity: Activity): { readonly year: string; readonly commits: number }[] {
  const years = new Map<string, number>();
  for (const entry of activity)
    years.set(entry.week.slice(0, 4), (years.get(entry.week.slice(0, 4)) ?? 0) + entry.commits);
  return [...years].map(([year, commits]) => ({ year, commits })).toReversed();
}

function group(
  weeks: readonly { readonly at: number; readonly commits: number }[],
  unit: string,
  indexOf: (at: number) => number,
  startOf: (index: number) => number,
  labelOf: (fromMs: number) => string,
): Buckets {
  const counts = Array.from({ length: indexOf(weeks.at(-1)!.at) + 1 }, () => 0);
  for (const week of weeks) counts[indexOf(week.at)]! += week.commits;
  return {
    unit,
    buckets: counts.map((commits, index) => ({
      label: labelOf(startOf(index)),
      fromMs: startOf(index),
      toMs: startOf(index + 1),
      commits,
    })),
  };
}

/** A week belongs to the month that holds its Thursday, as ISO weeks belong to years. */
function monthOfWeek(mondayMs: number): number {
  return monthIndex(mondayMs + 3 * 86_400_000);
}

export function monthIndex(timeMs: number): number {
  const date = new Date(timeMs);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

export function monthStart(index: number): number {
  return new Date(0).setUTCFullYear(Math.floor(index / 12), ((index % 12) + 12) % 12, 1);
}

function bucketLabel(fromMs: number, months: number): string {
  const year = new Date(fromMs).getUTCFullYear();
  if (months === 1) return monthYear(fromMs);
  if (months === 3) return `Q${Math.floor(new Date(fromMs).getUTCMonth() / 3) + 1} ${year}`;
  return months === 12 ? String(year) : `${year}–${year + months / 12 - 1}`;
}

function isoDay(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
