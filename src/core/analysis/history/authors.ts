import type { AnalysisHistory } from "../../../contracts/analysis.ts";
import { groupPersons } from "./group-persons.ts";
import { toInstant, type HistoryView } from "./view.ts";

/** Lines added and deleted by one commit; null where its contents are missing. */
export type LinesOf = (oid: string) => { readonly added: number; readonly deleted: number } | null;

const newWithinSeconds = 180 * 86_400;
const goneAfterSeconds = 365 * 86_400;
const regularCommits = 10;
const maxListed = 25;

/** One line per person, as `git shortlog -sne` counts them. `linesOf` null means lines were not counted. */
export function summariseAuthors(view: HistoryView, linesOf: LinesOf | null): AnalysisHistory["authors"] {
  const { facts } = view;
  const totals = view.people.map(() => ({
    commits: 0,
    added: 0,
    deleted: 0,
    first: Infinity,
    last: -Infinity,
  }));
  for (const row of view.rows) {
    const total = totals[view.authorOf[facts.authors[row]!]!]!;
    total.commits++;
    total.first = Math.min(total.first, facts.authoredAt[row]!);
    total.last = Math.max(total.last, facts.authoredAt[row]!);
    const lines = linesOf?.(facts.oids[row]!);
    if (lines) {
      total.added += lines.added;
      total.deleted += lines.deleted;
    }
  }
  return totals
    .map((total, person) => ({
      ...view.people[person]!,
      person: view.personOf[person]!,
      commits: total.commits,
      linesAdded: linesOf ? total.added : null,
      linesDeleted: linesOf ? total.deleted : null,
      firstCommitAt: toInstant(total.first),
      lastCommitAt: toInstant(total.last),
    }))
    .filter((author) => author.commits > 0)
    .sort((a, b) => b.commits - a.commits || compare(a.name, b.name) || compare(a.email, b.email));
}

/** Who came lately and who has gone, measured from the last commit and not from today: an old repository has both. */
export function newAndLeaving(
  authors: AnalysisHistory["authors"],
): Pick<AnalysisHistory, "newAuthors" | "leavingAuthors"> {
  const persons = groupPersons(authors);
  const end =
    persons.reduce((latest, person) => Math.max(latest, Date.parse(person.lastCommitAt)), -Infinity) / 1000;
  const ago = (instant: string): number => end - Date.parse(instant) / 1000;
  return {
    newAuthors: persons
      .filter((author) => ago(author.firstCommitAt) <= newWithinSeconds)
      .slice(0, maxListed)
      .map(({ name, commits, firstCommitAt }) => ({ name, commits, firstCommitAt })),
    leavingAuthors: persons
      .filter((author) => author.commits >= regularCommits && ago(author.lastCommitAt) > goneAfterSeconds)
      .slice(0, maxListed)
      .map(({ name, commits, lastCommitAt: last }) => ({ name, commits, lastCommitAt: last })),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
