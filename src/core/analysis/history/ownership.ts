import type { AnalysisHistory } from "../../../contracts/analysis.ts";
import type { FileHistories, FileHistory } from "./files.ts";
import { isBot } from "./persons.ts";
import type { HistoryView } from "./view.ts";

/**
 * Degree of authorship and the greedy bus factor of G. Avelino et al., "A novel approach for estimating truck
 * factors", ICPC 2016: a person is an author of a file when their degree is at least 3.293 and at least three
 * quarters of the file's highest; authors with the most files leave until more than half of the files have none.
 */
const leastDegree = 3.293;
const leastRelative = 0.75;
const maxFolders = 30;
const maxOwners = 3;

export function busFactor(
  histories: FileHistories,
  view: HistoryView,
): Pick<AnalysisHistory, "busFactor" | "keyAuthors"> {
  const filesOf = new Map<number, Set<number>>();
  let living = 0;
  for (const [index, file] of histories.files.entries()) {
    const authors = authorsOf(file).filter((person) => !isBot(view.people[person]!));
    if (authors.length > 0) living++;
    for (const person of authors) {
      const owned = filesOf.get(person) ?? new Set();
      filesOf.set(person, owned.add(index));
    }
  }
  const authorCount = new Map<number, number>();
  for (const owned of filesOf.values())
    for (const index of owned) authorCount.set(index, (authorCount.get(index) ?? 0) + 1);
  const order = [...filesOf].sort((a, b) => b[1].size - a[1].size);
  const keyAuthors: AnalysisHistory["keyAuthors"][number][] = [];
  let orphaned = 0;
  for (const [person, owned] of order) {
    if (orphaned * 2 > living) break;
    for (const index of owned) {
      const left = authorCount.get(index)! - 1;
      authorCount.set(index, left);
      if (left === 0) orphaned++;
    }
    keyAuthors.push({ ...view.people[person]!, files: owned.size });
  }
  return { busFactor: keyAuthors.length, keyAuthors };
}

function authorsOf(file: FileHistory): number[] {
  let best = 0;
  const degrees: [number, number][] = [];
  for (const [person, commits] of file.byPerson) {
    const others = file.commits - commits;
    const degree =
      3.293 + (file.creator === person ? 1.098 : 0) + 0.164 * commits - 0.321 * Math.log(1 + others);
    best = Math.max(best, degree);
    degrees.push([person, degree]);
  }
  return degrees
    .filter(([, degree]) => degree >= leastDegree && degree >= best * leastRelative)
    .map(([person]) => person);
}

/** Who changed each top folder most. */
export function folderOwners(histories: FileHistories, view: HistoryView): AnalysisHistory["ownership"] {
  const folders = new Map<string, Map<number, number>>();
  for (const file of histories.files) {
    const parts = file.path.split("/");
    const folder = parts.length === 1 ? "." : parts.slice(0, Math.min(2, parts.length - 1)).join("/");
    const people = folders.get(folder) ?? new Map<number, number>();
    folders.set(folder, people);
    for (const [person, commits] of file.byPerson) people.set(person, (people.get(person) ?? 0) + commits);
  }
  return [...folders]
    .map(([path, people]) => {
      const commits = [...people.values()].reduce((sum, value) => sum + value, 0);
      const owners = [...people]
        .sort((a, b) => b[1] - a[1])
        .slice(0, maxOwners)
        .map(([person, own]) => ({
          name: view.people[person]!.name,
          share: Math.round((own / commits) * 1000) / 1000,
        }));
      return { path, commits, owners };
    })
    .filter((folder) => folder.commits > 0)
    .sort((a, b) => b.commits - a.commits)
    .slice(0, maxFolders);
}
