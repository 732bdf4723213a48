import type { AnalysisHistory } from "../../../contracts/analysis.ts";
import type { FileHistories } from "./files.ts";

const maxHotspots = 50;
const maxPairs = 50;
/** Commits that touch more files than this are sweeps (renames, formatting, releases), not a sign of coupling. */
const maxFilesPerCommit = 30;
const leastTogether = 5;
const leastDegree = 0.3;

/** Files that are both large and often changed. `linesOf` gives the code lines of a file, 0 when unknown. */
export function findHotspots(
  histories: FileHistories,
  linesOf: (path: string) => number,
): AnalysisHistory["hotspots"] {
  const candidates = histories.files
    .map((file) => ({ path: file.path, commits: file.commits, lines: linesOf(file.path) }))
    .filter((file) => file.lines > 0 && file.commits > 1);
  const most = candidates.reduce(
    (best, file) => ({
      commits: Math.max(best.commits, file.commits),
      lines: Math.max(best.lines, file.lines),
    }),
    { commits: 1, lines: 1 },
  );
  return candidates
    .map((file) => ({ ...file, score: round((file.commits / most.commits) * (file.lines / most.lines)) }))
    .sort((a, b) => b.score - a.score || b.commits - a.commits)
    .slice(0, maxHotspots);
}

/** Pairs of files that change in the same commits more often than their own change rates explain. */
export function findCoupling(histories: FileHistories): AnalysisHistory["coupling"] {
  const { files } = histories;
  const wanted = files.map((file) => file.commits >= leastTogether);
  const together = new Map<number, number>();
  for (const touched of histories.touches) {
    if (touched.length < 2 || touched.length > maxFilesPerCommit) continue;
    const few = touched.filter((index) => wanted[index]).sort((a, b) => a - b);
    for (let i = 0; i < few.length; i++)
      for (let j = i + 1; j < few.length; j++) {
        const pair = few[i]! * files.length + few[j]!;
        together.set(pair, (together.get(pair) ?? 0) + 1);
      }
  }
  const pairs: AnalysisHistory["coupling"][number][] = [];
  for (const [pair, count] of together) {
    if (count < leastTogether) continue;
    const a = files[Math.floor(pair / files.length)]!;
    const b = files[pair % files.length]!;
    const degree = count / ((a.commits + b.commits) / 2);
    if (degree >= leastDegree) pairs.push({ a: a.path, b: b.path, together: count, degree: round(degree) });
  }
  return pairs
    .sort((x, y) => y.degree * Math.log(y.together) - x.degree * Math.log(x.together) || (x.a < y.a ? -1 : 1))
    .slice(0, maxPairs);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
