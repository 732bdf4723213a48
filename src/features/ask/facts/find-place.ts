import { closest } from "../../../base/closest.ts";
import type { Analysis } from "../../../contracts/analysis.ts";

export interface Place {
  readonly path: string;
  readonly kind: "file" | "folder";
  /** False when the words were corrected, or stand for a name rather than a path. */
  readonly isExact: boolean;
  /** Other folders that the same name could mean. */
  readonly others: readonly string[];
}

/** Words around a name that say what kind of thing it is. */
const nouns =
  /^(?:the |a |an |our |its )|^(?:folder|directory|file|module|package|crate) |(?: (?:folder|directory|dir|file|module|package|crate|code|part|area|component|subsystem|layer|stuff|section))$/i;
const synonyms: Readonly<Record<string, string>> = { documentation: "docs", testing: "test", specs: "spec" };

/** The file or folder of the report that somebody means by a path, a part of it, or the name of an area. */
export function findPlace(asked: string, analysis: Analysis): Place | null {
  let words = asked.trim();
  for (let before = ""; before !== words;) {
    before = words;
    words = words.replace(nouns, "").trim();
  }
  words = words.replace(/^\.\//, "").replace(/\/+$/, "");
  if (words === "") return null;
  const folders = knownFolders(analysis);
  const files = knownFiles(analysis);
  const all: Place[] = [
    ...folders.map((path) => ({ path, kind: "folder" as const, isExact: true, others: [] })),
    ...files.map((path) => ({ path, kind: "file" as const, isExact: true, others: [] })),
  ];
  const exact =
    all.find((place) => place.path === words) ??
    all.find((place) => place.path.toLowerCase() === words.toLowerCase());
  if (exact) return exact;
  const workspace = analysis.structure.workspaces.find(
    (one) => one.path !== "" && one.name.toLowerCase() === words.toLowerCase(),
  );
  if (workspace) return { path: workspace.path, kind: "folder", isExact: true, others: [] };
  const isPathLike = words.includes("/") || /\.\w{1,8}$/.test(words);
  return isPathLike ? findPath(words, all, folders) : findArea(words, analysis, folders);
}

function findPath(words: string, all: readonly Place[], folders: readonly string[]): Place | null {
  const end = `/${words.toLowerCase()}`;
  const ending = all.filter((place) => place.path.toLowerCase().endsWith(end));
  if (ending.length === 1) return ending[0]!;
  if (ending.length > 1) return null;
  const near = findTypo(words, all);
  if (near || !words.includes("/")) return near;
  // The report names few files; one that it does not name still lies in a folder that it may know.
  const parent = words.slice(0, words.lastIndexOf("/"));
  return folders.includes(parent) && /\.\w{1,8}$/.test(words)
    ? { path: words, kind: "file", isExact: true, others: [] }
    : null;
}

/** A typo in the name of a known folder's file, in the folder of a known name, or in a name that stands alone. */
function findTypo(words: string, all: readonly Place[]): Place | null {
  const only = (found: readonly Place[]): Place | null =>
    found.length === 1 ? { ...found[0]!, isExact: false } : null;
  const [parent, name] = [parentOf(words), baseOf(words)];
  const beside = words.includes("/") ? all.filter((place) => parentOf(place.path) === parent) : all;
  const nearName = nearest(name, [...new Set(beside.map((place) => baseOf(place.path)))]);
  if (nearName !== null) return only(beside.filter((place) => baseOf(place.path) === nearName));
  const alike = all.filter((place) => baseOf(place.path) === name);
  const nearParent = nearest(parent, [...new Set(alike.map((place) => parentOf(place.path)))]);
  return only(alike.filter((place) => parentOf(place.path) === nearParent));
}

function findArea(words: string, analysis: Analysis, folders: readonly string[]): Place | null {
  const area = words.toLowerCase().replace(/\s+/g, "-");
  const wanted = new Set(
    [area, synonyms[area] ?? area].flatMap((name) => [
      name,
      `${name}s`,
      `${name}es`,
      name.replace(/(?<=\w{3})s$/, ""),
    ]),
  );
  const commits = new Map(analysis.history.ownership.map((one) => [one.path, one.commits]));
  const weight = (path: string): number => commits.get(path) ?? 0;
  const [best, ...others] = folders
    .filter((path) => wanted.has(baseOf(path).toLowerCase()))
    .toSorted((a, b) => weight(b) - weight(a) || depthOf(a) - depthOf(b));
  if (best !== undefined) return { path: best, kind: "folder", isExact: false, others };
  const near =
    area.length < 5 ? null : nearest(area, [...new Set(folders.map((path) => baseOf(path).toLowerCase()))]);
  const found = near === null ? [] : folders.filter((path) => baseOf(path).toLowerCase() === near);
  return found.length === 1 ? { path: found[0]!, kind: "folder", isExact: false, others: [] } : null;
}

/** As `closest`, but of a typo only: one edit in eight characters, and the same beginning. */
function nearest(words: string, known: readonly string[]): string | null {
  const most = Math.max(1, Math.floor(words.length / 8));
  const alike = known.filter(
    (name) =>
      Math.abs(name.length - words.length) <= most && name[0]?.toLowerCase() === words[0]?.toLowerCase(),
  );
  const near = closest(words, alike);
  return near !== null && (isSwap(words, near) || sharedBigrams(words, near) >= 0.6) ? near : null;
}

/** Letters in another order are the commonest typo, and leave few pairs of them. */
function isSwap(a: string, b: string): boolean {
  const sorted = (text: string): string => text.toLowerCase().split("").sort().join("");
  return sorted(a) === sorted(b);
}

/** Dice's coefficient over pairs of letters. */
function sharedBigrams(a: string, b: string): number {
  const pairs = (text: string): string[] =>
    Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2));
  const left = pairs(a.toLowerCase());
  const right = pairs(b.toLowerCase());
  const rest = [...right];
  let both = 0;
  for (const pair of left) {
    const at = rest.indexOf(pair);
    if (at !== -1) {
      both++;
      rest.splice(at, 1);
    }
  }
  return (2 * both) / Math.max(1, left.length + right.length);
}

function knownFolders({ structure, history }: Analysis): string[] {
  const named = [
    ...history.ownership.map((one) => one.path),
    ...structure.directories.map((one) => one.path),
    ...structure.workspaces.map((one) => one.path),
    ...structure.tests.paths,
  ];
  return [...new Set(named)].filter((path) => path !== "." && path !== "");
}

/** The report lists no tree; these are the files that it speaks of. */
function knownFiles({ structure, history, symbols, dependencies, stack }: Analysis): string[] {
  const named = [
    ...history.hotspots.map((one) => one.path),
    ...history.coupling.flatMap((one) => [one.a, one.b]),
    ...structure.largestFiles.map((one) => one.path),
    ...structure.entryPoints.map((one) => one.path),
    ...structure.docs
      .filter((one) => one.kind !== "folder" && /\.|[A-Z]{4}/.test(one.path))
      .map((one) => one.path),
    ...structure.environment.flatMap((one) => one.uses.map((use) => use.path)),
    ...symbols.mostComplex.map((one) => one.path),
    ...symbols.largest.map((one) => one.path),
    ...dependencies.map((one) => one.manifest),
    ...stack.flatMap((one) => one.evidence.map((place) => place.path)),
  ];
  const folders = new Set(knownFolders({ structure, history } as Analysis));
  return [...new Set(named)].filter((path) => !folders.has(path));
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function depthOf(path: string): number {
  return path.split("/").length;
}
