import type { Repository, Snapshot, TreeEntry, Warning } from "../../../contracts/repository.ts";
import type { Services } from "../../../contracts/services.ts";
import { changeStatus, type CommitFacts } from "../../repository/history/commit-facts.ts";
import { loadHistory } from "../../repository/history/load-history.ts";
import { readTree } from "../../repository/tree.ts";
import { indexHistory } from "../search/history-index.ts";
import { type LoadIndexOptions, readFiles } from "../search/load-index.ts";
import {
  createSearchIndex,
  type IndexedFile,
  type PathTerms,
  readPathTerms,
  type SearchIndex,
} from "../search/search-index.ts";

/** One commit as a question: which of the files of its parent did it change? */
export interface CommitCase {
  readonly commit: string;
  readonly parent: string;
  readonly subject: string;
  /** Changed files by the names they have in the parent, added ones left out. */
  readonly paths: readonly string[];
}

export interface CasesOptions extends LoadIndexOptions {
  readonly commits: number;
  /** Commits that change more files than this ask for nothing in particular. */
  readonly maxFiles: number;
  /** Reading stops before the contents of all parents together are more than this many files. */
  readonly maxContents?: number;
}

/** The newest commits of a history that change few files and have one parent, newest first. */
export function selectCases(
  facts: CommitFacts,
  graph: CommitGraph,
  options: { readonly commits: number; readonly maxFiles: number },
): CommitCase[] {
  const cases: CommitCase[] = [];
  for (let row = 0; row < facts.oids.length && cases.length < options.commits; row++) {
    const oid = facts.oids[row]!;
    const node = graph.get(oid);
    if (node?.parents.length !== 1 || node.subject.trim() === "") continue;
    const paths = new Set<string>();
    for (let change = facts.changeStarts[row]!; change < facts.changeStarts[row + 1]!; change++) {
      const status = facts.changeStatuses[change]!;
      if (status === changeStatus.added) continue;
      paths.add(
        facts.paths[
          status === changeStatus.renamed ? facts.changeSources[change]! : facts.changePaths[change]!
        ]!,
      );
    }
    if (paths.size === 0 || paths.size > options.maxFiles) continue;
    cases.push({ commit: oid, parent: node.parents[0]!, subject: node.subject, paths: [...paths] });
  }
  return cases;
}

export type CommitGraph = ReadonlyMap<
  string,
  { readonly parents: readonly string[]; readonly subject: string }
>;

/** Parents and subject of every commit of a snapshot's history. */
export async function readGraph(
  snapshot: Snapshot,
  services: Services,
  signal: AbortSignal,
): Promise<CommitGraph> {
  const output = await services.git.text(
    snapshot.repository.gitDir,
    ["log", "-z", "--no-color", "--encoding=UTF-8", "--format=%H%n%P%n%s", snapshot.commit, "--"],
    { signal },
  );
  return new Map(
    output.split("\0").map((record) => {
      const [oid = "", parents = "", subject = ""] = record.split("\n");
      return [oid, { parents: parents === "" ? [] : parents.split(" "), subject }];
    }),
  );
}

/** A case with the index of its parent: the tree and the history as they were before the commit. */
export interface PreparedCase {
  readonly case: CommitCase;
  readonly index: SearchIndex;
  /** Indices of the changed files. */
  readonly relevant: ReadonlySet<number>;
}

export interface PreparedCases {
  /** Those whose parents were read. */
  readonly cases: readonly CommitCase[];
  /** Commits in the whole history. */
  readonly commits: number;
  /** Files of all the parents; the same object stands in the index of each parent that has it. */
  readonly files: readonly IndexedFile[];
  /** What could not be read, of any of the parents. */
  readonly warnings: readonly Warning[];
  readonly each: () => Generator<PreparedCase>;
}

/** Reads what the parents of the newest commits hold, once for all, and prepares them one after the other. */
export async function prepareCases(
  snapshot: Snapshot,
  services: Services,
  options: CasesOptions,
): Promise<PreparedCases> {
  const [{ facts }, graph] = await Promise.all([
    loadHistory(snapshot, services.git, services.cache, {
      useCache: options.useCache,
      maxChanges: services.config.values["limits.paths"],
      signal: options.signal,
      onProgress: options.onProgress,
    }),
    readGraph(snapshot, services, options.signal),
  ]);
  const selected = selectCases(facts, graph, options);
  const { cases, trees, contents } = await readTrees(snapshot.repository, selected, services, options);
  const { files, warnings } = await readContents(snapshot, contents, trees.at(-1) ?? [], services, options);
  const byKey = new Map(files.map((file) => [keyOf(file), file]));
  const byEntry = new Map(contents.map((entry) => [entry, byKey.get(keyOf(entry))]));
  const rowOf = new Map(facts.oids.map((oid, row) => [oid, row]));
  const remembered = new Map<string, PathTerms>();
  const pathTermsOf = (path: string): PathTerms => {
    let terms = remembered.get(path);
    if (terms === undefined) remembered.set(path, (terms = readPathTerms(path)));
    return terms;
  };
  return {
    cases,
    commits: facts.oids.length,
    files,
    warnings,
    *each() {
      for (const [at, one] of cases.entries()) {
        const present = trees[at]!.map((entry) => byEntry.get(entry)).filter(
          (file): file is IndexedFile => file !== undefined,
        );
        const wanted = new Set(one.paths);
        const relevant = new Set<number>();
        for (const [file, { path }] of present.entries()) if (wanted.has(path)) relevant.add(file);
        if (relevant.size === 0) continue;
        const history = indexHistory(
          facts,
          present.map((file) => file.path),
          ancestors(one.parent, graph, rowOf),
        );
        yield { case: one, index: createSearchIndex(one.parent, present, history, pathTermsOf), relevant };
      }
    },
  };
}

/**
 * Attributes say what a file is for. Those of newer commits must not tell older ones: the files of all trees are read
 * with those of the oldest, and the others are only files like any other.
 */
async function readContents(
  snapshot: Snapshot,
  contents: readonly TreeEntry[],
  oldest: readonly TreeEntry[],
  services: Services,
  options: LoadIndexOptions,
): Promise<{ readonly files: readonly IndexedFile[]; readonly warnings: readonly Warning[] }> {
  const known = new Set(oldest);
  const isLater = (entry: TreeEntry): boolean =>
    /(^|\/)\.gitattributes$/.test(entry.path) && !known.has(entry);
  const [usual, later] = [contents.filter((entry) => !isLater(entry)), contents.filter(isLater)];
  const read = await readFiles(snapshot, usual, services, options);
  if (later.length === 0) return read;
  const others = await readFiles(snapshot, later, services, options);
  return { files: [...read.files, ...others.files], warnings: [...read.warnings, ...others.warnings] };
}

function keyOf({ oid, path }: { readonly oid: string; readonly path: string }): string {
  return `${oid} ${path}`;
}

async function readTrees(
  repository: Repository,
  selected: readonly CommitCase[],
  services: Services,
  options: CasesOptions,
): Promise<{ cases: CommitCase[]; trees: (readonly TreeEntry[])[]; contents: TreeEntry[] }> {
  const cases: CommitCase[] = [];
  const trees: (readonly TreeEntry[])[] = [];
  const contents = new Map<string, TreeEntry>();
  for (const one of selected) {
    const tree = await readTree({ repository, commit: one.parent }, services.git, {
      maxPaths: services.config.values["limits.paths"],
      signal: options.signal,
    });
    // Trees share nearly everything, so they share the entries, too.
    const entries: TreeEntry[] = [];
    for (const entry of tree.entries) {
      if (entry.kind !== "file" && entry.kind !== "executable") continue;
      const key = keyOf(entry);
      const known = contents.get(key) ?? entry;
      contents.set(key, known);
      entries.push(known);
    }
    if (options.maxContents !== undefined && contents.size > options.maxContents && cases.length > 0) break;
    cases.push(one);
    trees.push(entries);
    options.onProgress({
      stage: "cases",
      fraction: trees.length / selected.length,
      message: "Reading the trees of older commits",
    });
  }
  return { cases, trees, contents: [...contents.values()] };
}

/** Rows of everything reachable from a commit, newest first. */
function ancestors(commit: string, graph: CommitGraph, rowOf: ReadonlyMap<string, number>): Uint32Array {
  const isIn = new Uint8Array(rowOf.size);
  const stack = [commit];
  let count = 0;
  for (let oid = stack.pop(); oid !== undefined; oid = stack.pop()) {
    const row = rowOf.get(oid);
    if (row === undefined || isIn[row] === 1) continue;
    isIn[row] = 1;
    count++;
    stack.push(...(graph.get(oid)?.parents ?? []));
  }
  const rows = new Uint32Array(count);
  let at = 0;
  for (let row = 0; row < isIn.length; row++) if (isIn[row] === 1) rows[at++] = row;
  return rows;
}
