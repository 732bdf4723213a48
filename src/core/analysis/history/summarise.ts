import type { AnalysisHistory } from "../../../contracts/analysis.ts";
import type { Tag } from "../../repository/history/tags.ts";
import { summariseActivity } from "./activity.ts";
import { fileAges } from "./ages.ts";
import { newAndLeaving, summariseAuthors, type LinesOf } from "./authors.ts";
import { followFiles } from "./files.ts";
import { findCoupling, findHotspots } from "./hotspots.ts";
import { busFactor, folderOwners } from "./ownership.ts";
import { toInstant, type HistoryView } from "./view.ts";

export interface SummariseHistoryInput {
  readonly view: HistoryView;
  /** Paths of the analysed commit. */
  readonly paths: readonly string[];
  readonly tags: readonly Tag[];
  /** Lines of a file of the analysed commit; 0 when not text. */
  readonly fileLines: (path: string) => number;
  /** Files written by people: only these are hotspots, coupled or owned. */
  readonly isOwn: (path: string) => boolean;
}

/** Everything of `history` but the changed lines, which take longer and are filled in by `withLines`. */
export function summariseHistory(input: SummariseHistoryInput): AnalysisHistory {
  const { view } = input;
  const { facts } = view;
  let merges = 0;
  let first = Infinity;
  let last = -Infinity;
  for (const row of view.rows) {
    if (facts.parents[row]! > 1) merges++;
    first = Math.min(first, facts.committedAt[row]!);
    last = Math.max(last, facts.committedAt[row]!);
  }
  const authors = summariseAuthors(view, null);
  const own = input.paths.filter(input.isOwn);
  const histories = followFiles(view, own);
  return {
    commits: view.rows.length,
    merges,
    firstCommitAt: view.rows.length === 0 ? null : toInstant(first),
    lastCommitAt: view.rows.length === 0 ? null : toInstant(last),
    linesAdded: null,
    linesDeleted: null,
    linesUnknownCommits: 0,
    authors,
    people: new Set(authors.map((author) => author.person)).size,
    ...summariseActivity(view),
    hotspots: findHotspots(histories, input.fileLines),
    coupling: findCoupling(histories),
    ...busFactor(histories, view),
    ownership: folderOwners(histories, view),
    ...newAndLeaving(authors),
    fileAges: fileAges(histories, last, input.fileLines),
    tags: input.tags.map((tag) => ({ name: tag.name, commit: tag.commit, at: toInstant(tag.at) })),
  };
}

/** `history` with the changed lines in it. */
export function withLines(
  history: AnalysisHistory,
  view: HistoryView,
  linesOf: LinesOf,
  unknownCommits: number,
): AnalysisHistory {
  const authors = summariseAuthors(view, linesOf);
  return {
    ...history,
    authors,
    linesAdded: authors.reduce((sum, author) => sum + author.linesAdded!, 0),
    linesDeleted: authors.reduce((sum, author) => sum + author.linesDeleted!, 0),
    linesUnknownCommits: unknownCommits,
  };
}
