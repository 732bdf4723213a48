import { changeStatus } from "../../repository/history/commit-facts.ts";
import type { HistoryView } from "./view.ts";

/** What history says of one file that exists at the analysed commit, under all the names it had. */
export interface FileHistory {
  readonly path: string;
  /** Commits that changed it; merges do not count. */
  commits: number;
  /** Seconds since 1970 of the last change. */
  lastChangeAt: number;
  /** The person who made it, or null when that commit is not in view. */
  creator: number | null;
  /** Commits by person. */
  readonly byPerson: Map<number, number>;
}

export interface FileHistories {
  readonly files: readonly FileHistory[];
  /** Index into `files` per index of `facts.paths` at a moment is not stable, so touches are kept per commit. */
  readonly touches: readonly (readonly number[])[];
}

/**
 * Follows every living file backwards through its renames. `paths` are those of the analysed commit.
 * `touches[i]` are the files (indices) that commit `rows[i]` changed.
 */
export function followFiles(view: HistoryView, paths: readonly string[]): FileHistories {
  const { facts } = view;
  const files: FileHistory[] = paths.map((path) => ({
    path,
    commits: 0,
    lastChangeAt: 0,
    creator: null,
    byPerson: new Map(),
  }));
  const indexByPath = new Map(paths.map((path, index) => [path, index]));
  // Which living file a name stands for while walking into the past; -1: none.
  const current = Int32Array.from(facts.paths, (path) => indexByPath.get(path) ?? -1);
  // Names whose file began at the commits seen so far: further back they may have been another file's.
  const isFree = new Uint8Array(facts.paths.length);
  const touches: number[][] = [];
  for (const row of view.rows) {
    const person = view.personOf[view.authorOf[facts.authors[row]!]!]!;
    const touched: number[] = [];
    for (let at = facts.changeStarts[row]!; at < facts.changeStarts[row + 1]!; at++) {
      const name = facts.changePaths[at]!;
      const index = current[name]!;
      if (index < 0) continue;
      const file = files[index]!;
      file.commits++;
      file.lastChangeAt = Math.max(file.lastChangeAt, facts.committedAt[row]!);
      file.byPerson.set(person, (file.byPerson.get(person) ?? 0) + 1);
      touched.push(index);
      const status = facts.changeStatuses[at]!;
      if (status === changeStatus.renamed) {
        // Before this commit the file had the old name, unless another living file has claimed that name.
        const source = facts.changeSources[at]!;
        if (current[source] === -1 || isFree[source] === 1) {
          current[source] = index;
          isFree[source] = 0;
          current[name] = -1;
        }
      } else if (status === changeStatus.added) {
        file.creator = person;
        isFree[name] = 1;
      }
    }
    touches.push(touched);
  }
  return { files, touches };
}
