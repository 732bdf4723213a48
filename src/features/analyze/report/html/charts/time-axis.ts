import { monthYear } from "../wording.ts";
import type { Label } from "./scale.ts";
import { monthIndex, monthStart } from "./time-buckets.ts";

const dayMs = 86_400_000;
const mostTicks = 12;

/** Marks of a time axis from days to centuries; whole years before their parts, so that those stay when room is short. */
export function timeTicks(fromMs: number, toMs: number): Label[] {
  const across = (at: number): number => (at - fromMs) / Math.max(1, toMs - fromMs);
  const days = (toMs - fromMs) / dayMs;
  if (days <= 62) {
    const step = Math.max(1, Math.ceil(days / 8));
    return Array.from({ length: Math.floor(days / step) + 1 }, (_, index) => fromMs + index * step * dayMs)
      .filter((at) => at < toMs)
      .map((at, index) => ({
        text: new Date(at).toISOString().slice(0, 10),
        at: across(at),
        rank: index % 2,
      }));
  }
  const months = days / 30.44;
  const step =
    [1, 2, 3, 6, 12, 24, 60, 120, 240, 600].find((candidate) => months / candidate <= mostTicks) ??
    12 * Math.ceil(months / 12 / mostTicks);
  const ticks: Label[] = [];
  for (let index = Math.ceil(monthIndex(fromMs) / step) * step; monthStart(index) < toMs; index += step) {
    const at = monthStart(index);
    if (at < fromMs) continue;
    const text = step >= 12 ? String(new Date(at).getUTCFullYear()) : monthYear(at);
    ticks.push({ text, at: across(at), rank: (index / step) % 2 === 0 ? 0 : 1 });
  }
  return ticks;
}
