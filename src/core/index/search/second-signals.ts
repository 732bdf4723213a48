import type { HistoryIndex } from "./history-index.ts";
import type { SearchIndex } from "./search-index.ts";

/** What follows from where the first signals point: files that go with the likely ones. */
export interface SecondSignals {
  /** Changed together with likely files. */
  readonly cochange: Float32Array;
  /** Has the name of a likely file, as a test has that of its subject. */
  readonly pair: Float32Array;
  /** Lies in the folder of likely files. */
  readonly folder: Float32Array;
}

/** Files that are followed to others. */
const seeds = 10;
const commitsOfSeed = 200;
const maxFilesOfCommit = 30;
const maxNamesakes = 12;

/** `likelihood` sums to 1 over the files; `order` are its largest, first first. */
export function scoreSecond(
  index: SearchIndex,
  likelihood: Float32Array,
  order: readonly number[],
): SecondSignals {
  const count = index.files.length;
  const cochange = new Float32Array(count);
  for (const seed of order.slice(0, seeds))
    for (const [file, share] of coChanged(index.history, seed)) {
      const score = Math.sqrt(likelihood[seed]!) * share;
      if (score > cochange[file]!) cochange[file] = score;
    }
  const pair = new Float32Array(count);
  for (const namesakes of index.namesakes)
    if (namesakes.length <= maxNamesakes)
      for (const file of namesakes)
        for (const other of namesakes)
          if (other !== file) pair[file] = Math.max(pair[file]!, Math.sqrt(likelihood[other]!));
  const sums = new Float32Array(index.folderCount);
  for (let file = 0; file < count; file++) sums[index.folders[file]!]! += likelihood[file]!;
  const folder = new Float32Array(count);
  for (let file = 0; file < count; file++)
    folder[file] = Math.sqrt(Math.max(0, sums[index.folders[file]!]! - likelihood[file]!));
  return { cochange, pair, folder };
}

/** Files that were changed with this one, with the share of its newest commits that did. */
export function coChanged(history: HistoryIndex, file: number): Map<number, number> {
  const { starts, files, fileStarts, positions } = history;
  const counts = new Map<number, number>();
  const from = fileStarts[file]!;
  const to = Math.min(fileStarts[file + 1]!, from + commitsOfSeed);
  let commits = 0;
  for (let at = from; at < to; at++) {
    const position = positions[at]!;
    if (starts[position + 1]! - starts[position]! > maxFilesOfCommit) continue;
    commits++;
    for (let place = starts[position]!; place < starts[position + 1]!; place++) {
      const other = files[place]!;
      if (other !== file) counts.set(other, (counts.get(other) ?? 0) + 1);
    }
  }
  // Few commits prove little.
  for (const [other, times] of counts) counts.set(other, times / (commits + 3));
  return counts;
}
