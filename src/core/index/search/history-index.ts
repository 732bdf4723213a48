import { changeStatus, type CommitFacts } from "../../repository/history/commit-facts.ts";

/**
 * Which of a snapshot's files each commit touched, by row of the facts, newest first. Files are followed through
 * renames, so what was said about the old name counts for the new one.
 */
export interface HistoryIndex {
  readonly facts: CommitFacts;
  /** Rows of `facts` that belong to the snapshot's history, newest first. */
  readonly rows: Uint32Array;
  /** The commit at `rows[i]` touched `files[starts[i]]` up to `files[starts[i + 1]]`. */
  readonly starts: Uint32Array;
  readonly files: Uint32Array;
  /** The same the other way round: file `f` was touched by positions `positions[fileStarts[f]]` …, newest first. */
  readonly fileStarts: Uint32Array;
  readonly positions: Uint32Array;
}

/** Files of one commit beyond which it says nothing about any of them: imports, reformatting, licence years. */
const maxFilesOfCommit = 300;

/** `files` are the snapshot's paths; `rows` default to all. */
export function indexHistory(
  facts: CommitFacts,
  files: readonly string[],
  rows: Uint32Array = Uint32Array.from(facts.oids, (_, row) => row),
): HistoryIndex {
  /** Index + 1 of the file that a path of older commits is today; 0 for none. */
  const today = new Uint32Array(facts.paths.length);
  const fileOf = new Map(files.map((path, at) => [path, at + 1]));
  for (const [id, path] of facts.paths.entries()) today[id] = fileOf.get(path) ?? 0;
  const starts = new Uint32Array(rows.length + 1);
  const touched: number[] = [];
  const counts = new Uint32Array(files.length + 1);
  const seen = new Int32Array(files.length).fill(-1);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    const from = facts.changeStarts[row]!;
    const to = facts.changeStarts[row + 1]!;
    const isSmall = to - from <= maxFilesOfCommit;
    for (let change = from; change < to; change++) {
      const file = today[facts.changePaths[change]!]! - 1;
      if (
        file >= 0 &&
        isSmall &&
        seen[file] !== at &&
        facts.changeStatuses[change] !== changeStatus.deleted
      ) {
        seen[file] = at;
        touched.push(file);
        counts[file + 1]!++;
      }
    }
    followRenames(facts, from, to, today);
    starts[at + 1] = touched.length;
  }
  for (let file = 0; file < files.length; file++) counts[file + 1]! += counts[file]!;
  const positions = new Uint32Array(touched.length);
  const next = counts.slice(0, files.length);
  for (let at = 0; at < rows.length; at++)
    for (let place = starts[at]!; place < starts[at + 1]!; place++) positions[next[touched[place]!]!++] = at;
  return { facts, rows, starts, files: Uint32Array.from(touched), fileStarts: counts, positions };
}

/** Older commits know a renamed file by its old name. A file that moved and changed is known by its base name. */
function followRenames(facts: CommitFacts, from: number, to: number, today: Uint32Array): void {
  let hasDeleted = false;
  let hasAdded = false;
  for (let change = from; change < to; change++) {
    const status = facts.changeStatuses[change];
    if (status === changeStatus.renamed) {
      const source = facts.changeSources[change]!;
      const target = facts.changePaths[change]!;
      if (today[source] === 0) today[source] = today[target]!;
    } else if (status === changeStatus.deleted) hasDeleted = true;
    else if (status === changeStatus.added) hasAdded = true;
  }
  if (!hasDeleted || !hasAdded) return;
  const addedByName = new Map<string, number[]>();
  for (let change = from; change < to; change++) {
    const path = facts.changePaths[change]!;
    if (facts.changeStatuses[change] !== changeStatus.added || today[path] === 0) continue;
    const name = baseName(facts.paths[path]!);
    const list = addedByName.get(name);
    if (list) list.push(path);
    else addedByName.set(name, [path]);
  }
  for (let change = from; change < to; change++) {
    const path = facts.changePaths[change]!;
    if (facts.changeStatuses[change] !== changeStatus.deleted || today[path] !== 0) continue;
    const candidates = addedByName.get(baseName(facts.paths[path]!));
    if (candidates === undefined) continue;
    const target = nearest(facts, path, candidates);
    if (target !== undefined) today[path] = today[target]!;
  }
}

/** The candidate that shares most folders with the path; none where two are equally near. */
function nearest(facts: CommitFacts, path: number, candidates: readonly number[]): number | undefined {
  if (candidates.length === 1) return candidates[0];
  const parts = new Set(facts.paths[path]!.split("/"));
  let best: number | undefined;
  let bestShared = -1;
  for (const candidate of candidates) {
    const shared = facts.paths[candidate]!.split("/").filter((part) => parts.has(part)).length;
    if (shared === bestShared) best = undefined;
    else if (shared > bestShared) {
      best = candidate;
      bestShared = shared;
    }
  }
  return best;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
