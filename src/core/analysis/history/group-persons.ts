import type { AnalysisHistory } from "../../../contracts/analysis.ts";

type Author = AnalysisHistory["authors"][number];

/** Authors joined by person, under the name with the most commits; most commits first. */
export function groupPersons(authors: readonly Author[]): readonly Author[] {
  const groups = Map.groupBy(authors, (author) => author.person);
  return [...groups.values()]
    .map((identities) => identities.reduce(join))
    .sort((a, b) => b.commits - a.commits);
}

/** Authors come with most commits first, so `a` has the name that is kept. */
function join(a: Author, b: Author): Author {
  return {
    ...a,
    commits: a.commits + b.commits,
    linesAdded: a.linesAdded === null || b.linesAdded === null ? null : a.linesAdded + b.linesAdded,
    linesDeleted: a.linesDeleted === null || b.linesDeleted === null ? null : a.linesDeleted + b.linesDeleted,
    firstCommitAt: a.firstCommitAt < b.firstCommitAt ? a.firstCommitAt : b.firstCommitAt,
    lastCommitAt: a.lastCommitAt > b.lastCommitAt ? a.lastCommitAt : b.lastCommitAt,
  };
}
