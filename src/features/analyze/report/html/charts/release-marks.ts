import type { AnalysisHistory } from "../../../../../contracts/analysis.ts";
import { clip } from "../wording.ts";
import { placeLabels, type ChartSize, type Label } from "./scale.ts";

/** Ticks nearer than this draw the same pixel: ten thousand tags are still at most this many marks. */
const mostMarks = 500;
const longestLabel = 18;

export interface ReleaseMarks {
  /** 0 to 1 across, each once. */
  readonly marks: readonly number[];
  readonly labels: readonly (Label & { readonly size: ChartSize })[];
}

/** Where releases stand on the time line, and which names fit beneath: major versions first, then minor ones. */
export function releaseMarks(tags: AnalysisHistory["tags"], fromMs: number, toMs: number): ReleaseMarks {
  const marks = new Set<number>();
  const labels = new Map<number, Label>();
  for (const tag of tags) {
    const at = (Date.parse(tag.at) - fromMs) / Math.max(1, toMs - fromMs);
    if (!(at >= 0 && at <= 1)) continue;
    const mark = Math.round(at * mostMarks) / mostMarks;
    marks.add(mark);
    const rank = versionRank(tag.name);
    if (rank === null) continue;
    const known = labels.get(mark);
    if (known === undefined || rank < known.rank)
      labels.set(mark, { text: clip(tag.name, longestLabel), at, rank });
  }
  return { marks: [...marks].sort((a, b) => a - b), labels: placeLabels([...labels.values()]) };
}

/** 0 for a major version, 1 for a minor one; null for patches, pre-releases and tags that are no versions. */
export function versionRank(name: string): 0 | 1 | null {
  const version = /^[a-z/_-]*(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?$/i.exec(name);
  if (version === null) return null;
  const [, , minor, patch = "0", fourth = "0"] = version;
  if (Number(patch) !== 0 || Number(fourth) !== 0) return null;
  return Number(minor) === 0 ? 0 : 1;
}
