import type { AnalysisHistory } from "../../../../../contracts/analysis.ts";

type Author = AnalysisHistory["authors"][number];

export interface Person extends Omit<Author, "email" | "person"> {
  readonly identities: number;
}

/** One entry for each person, under the name of the identity with most commits. */
export function mergeIdentities(authors: readonly Author[]): Person[] {
  const people = [...Map.groupBy(authors, (author) => author.person).values()].map((own) => {
    const main = own.reduce((best, author) => (author.commits > best.commits ? author : best));
    return {
      name: main.name,
      identities: own.length,
      commits: own.reduce((sum, author) => sum + author.commits, 0),
      linesAdded: sumOfKnown(own.map((author) => author.linesAdded)),
      linesDeleted: sumOfKnown(own.map((author) => author.linesDeleted)),
      firstCommitAt: own.map((author) => author.firstCommitAt).reduce((a, b) => (a < b ? a : b)),
      lastCommitAt: own.map((author) => author.lastCommitAt).reduce((a, b) => (a > b ? a : b)),
    };
  });
  return people.sort((a, b) => b.commits - a.commits);
}

function sumOfKnown(counts: readonly (number | null)[]): number | null {
  const known = counts.filter((count) => count !== null);
  return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0);
}
