import type { AnalysisHistory } from "../../../contracts/analysis.ts";
import type { FileHistories } from "./files.ts";

const daySeconds = 86_400;
const bounds = [
  ["under a month", 30],
  ["under 3 months", 91],
  ["under a year", 365],
  ["under 3 years", 3 * 365],
  ["under 5 years", 5 * 365],
  ["older", Infinity],
] as const;

/** Files by the time between their last change and the analysed commit. */
export function fileAges(
  histories: FileHistories,
  lastCommitAt: number,
  linesOf: (path: string) => number,
): AnalysisHistory["fileAges"] {
  const ages = bounds.map(([age]) => ({ age, files: 0, lines: 0 }));
  for (const file of histories.files) {
    if (file.commits === 0) continue;
    const days = (lastCommitAt - file.lastChangeAt) / daySeconds;
    const bucket = ages[bounds.findIndex(([, limit]) => days < limit)]!;
    bucket.files++;
    bucket.lines += linesOf(file.path);
  }
  return ages;
}
