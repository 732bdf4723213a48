import type { Services } from "../../contracts/services.ts";
import { isBot } from "../../core/analysis/history/persons.ts";
import type { OpenedIndex } from "../../core/index/search/open-index.ts";
import { applyMailmap } from "../../core/repository/history/mailmap.ts";
import type { AskResult } from "./ask-result.ts";
import { placesAsked } from "./facts/topics/owners.ts";
import { plural } from "./facts/wording.ts";

const shownPeople = 4;
/** Commits of a file after which one counts half as much: who knew it once has forgotten some. */
const halfLife = 40;
const day = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);

/**
 * Who knows a file or folder of any depth, from the commits that touched it, newer ones counting more. Null when the
 * question asks for something else, or names no place of this commit.
 */
export async function findOwners(
  question: string,
  { index, snapshot }: OpenedIndex,
  services: Services,
  signal: AbortSignal,
): Promise<AskResult["fact"]> {
  const text = question.trim().replace(/[?!.\s]+$/, "");
  const place = placesAsked(text)
    .map((named) =>
      findPath(
        named,
        index.files.map((file) => file.path),
      ),
    )
    .find((found) => found !== null);
  if (place === undefined || place === null) return null;
  const { facts, rows, fileStarts, positions } = index.history;
  const touched = new Set<number>();
  for (const [file, { path }] of index.files.entries())
    if (path === place || path.startsWith(`${place}/`))
      for (let at = fileStarts[file]!; at < fileStarts[file + 1]!; at++) touched.add(positions[at]!);
  if (touched.size === 0) return null;
  const people = await applyMailmap(
    snapshot.repository.gitDir,
    snapshot.commit,
    facts.identities,
    services.git,
    signal,
  );
  const byPerson = new Map<string, { name: string; weight: number; commits: number; last: number }>();
  let total = 0;
  for (const [age, position] of [...touched].sort((a, b) => a - b).entries()) {
    const row = rows[position]!;
    const { name, email } = people[facts.authors[row]!]!;
    if (isBot(people[facts.authors[row]!]!)) continue;
    const key = (email || name).toLowerCase();
    const person = byPerson.get(key) ?? { name, weight: 0, commits: 0, last: 0 };
    byPerson.set(key, person);
    const weight = 2 ** (-age / Math.max(halfLife, touched.size / 4));
    person.weight += weight;
    person.commits++;
    person.last = Math.max(person.last, facts.authoredAt[row]!);
    total += weight;
  }
  const best = [...byPerson.values()]
    .sort((a, b) => b.weight - a.weight || b.commits - a.commits)
    .slice(0, shownPeople);
  if (best.length === 0) return null;
  const described = best.map(
    ({ name, weight, commits, last }) =>
      `${name} (${Math.round((100 * weight) / total)} %, ${plural(commits, "commit")}, last ${day(last)})`,
  );
  return {
    topic: "owners",
    statement: `By the ${plural(touched.size, "commit")} that touched ${place}, newer ones counting more: ${described.join(", ")}.`,
    confidence: "certain",
    evidence: [{ path: place, note: plural(touched.size, "commit") }],
  };
}

/** The file or folder that is meant: the path itself, else the only one that ends so, else the largest folder of that name. */
function findPath(named: string, paths: readonly string[]): string | null {
  const asked = named
    .trim()
    .replace(/^[`"']|[`"']$/g, "")
    .replace(/^\.\//, "")
    .replace(/\/+$/, "")
    .replace(/^(?:the |its )|(?: (?:folder|directory|file|module|package|code))$/gi, "");
  if (asked === "") return null;
  const folders = new Map<string, number>();
  for (const path of paths)
    for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1)) {
      const folder = path.slice(0, slash);
      folders.set(folder, (folders.get(folder) ?? 0) + 1);
    }
  if (paths.includes(asked) || folders.has(asked)) return asked;
  const files = paths.filter((path) => path.endsWith(`/${asked}`));
  if (files.length === 1) return files[0]!;
  const [folder] = [...folders].filter(([path]) => path.endsWith(`/${asked}`)).sort((a, b) => b[1] - a[1]);
  return folder?.[0] ?? null;
}
