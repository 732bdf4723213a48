import type { BlobRecord } from "../records/blob-record.ts";
import { hashTerm, splitWord } from "../records/words.ts";
import type { HistoryIndex } from "./history-index.ts";
import { createReferences, type References } from "./references.ts";

/** One file of a snapshot as search sees it. */
export interface IndexedFile {
  readonly path: string;
  readonly oid: string;
  readonly language: string | null;
  /** Null for what has no text: then only its path is searched. */
  readonly record: BlobRecord | null;
  readonly traits: FileRole;
}

/** What a file is for, where that matters to search. */
export interface FileRole {
  readonly test: boolean;
  readonly docs: boolean;
  readonly vendored: boolean;
  readonly generated: boolean;
  /** Neither code nor prose: JSON, YAML, locks, images. */
  readonly data: boolean;
}

/** Everything that search needs of one snapshot, in memory. */
export interface SearchIndex {
  readonly commit: string;
  readonly files: readonly IndexedFile[];
  readonly history: HistoryIndex;
  /** Terms of each file's path, its name counting double; sorted by hash. */
  readonly pathTerms: readonly PathTerms[];
  /** Folder of each file, as a number below `folderCount`. */
  readonly folders: Uint32Array;
  readonly folderCount: number;
  /** Each file's name in lower case, whole and up to its first dot. */
  readonly names: readonly { readonly base: string; readonly stem: string }[];
  /** Files that share a name once endings and the marks of tests are gone. */
  readonly namesakes: readonly (readonly number[])[];
  /** Who mentions what; worked out with the first call. */
  readonly references: () => References;
  readonly averages: {
    readonly code: number;
    readonly comment: number;
    readonly path: number;
    readonly unit: number;
  };
}

export interface PathTerms {
  readonly hashes: Uint32Array;
  readonly counts: Uint8Array;
  readonly total: number;
}

export function createSearchIndex(
  commit: string,
  files: readonly IndexedFile[],
  history: HistoryIndex,
  pathTermsOf: (path: string) => PathTerms = readPathTerms,
): SearchIndex {
  const pathTerms = files.map((file) => pathTermsOf(file.path));
  let code = 0;
  let comment = 0;
  let path = 0;
  let units = 0;
  let texts = 0;
  for (const [at, { record }] of files.entries()) {
    path += pathTerms[at]!.total;
    if (record === null) continue;
    texts++;
    code += record.codeWords;
    comment += record.commentWords;
    units += record.unitKinds.length;
  }
  let references: References | null = null;
  return {
    commit,
    files,
    history,
    pathTerms,
    references: () => (references ??= createReferences(files)),
    ...groupPaths(files),
    averages: {
      code: Math.max(1, code / Math.max(1, texts)),
      comment: Math.max(1, comment / Math.max(1, texts)),
      path: Math.max(1, path / Math.max(1, files.length)),
      unit: Math.max(1, (code + comment) / Math.max(1, units)),
    },
  };
}

function groupPaths(
  files: readonly IndexedFile[],
): Pick<SearchIndex, "folders" | "folderCount" | "names" | "namesakes"> {
  const folderIds = new Map<string, number>();
  const folders = new Uint32Array(files.length);
  const byStem = new Map<string, number[]>();
  const names: { base: string; stem: string }[] = [];
  for (const [at, { path }] of files.entries()) {
    const slash = path.lastIndexOf("/");
    const folder = path.slice(0, slash + 1);
    let id = folderIds.get(folder);
    if (id === undefined) folderIds.set(folder, (id = folderIds.size));
    folders[at] = id;
    const base = path.slice(slash + 1).toLowerCase();
    const dot = base.indexOf(".", 1);
    names.push({ base, stem: dot < 0 ? base : base.slice(0, dot) });
    const stem = stemOfPath(base);
    if (stem.length < 3) continue;
    const list = byStem.get(stem);
    if (list) list.push(at);
    else byStem.set(stem, [at]);
  }
  return {
    folders,
    folderCount: folderIds.size,
    names,
    namesakes: [...byStem.values()].filter((list) => list.length > 1),
  };
}

/** `user_test.go`, `test_user.py`, `UserTests.cs` and `user.spec.ts` are all `user`. */
function stemOfPath(name: string): string {
  return name
    .replace(/\.[^.]*$/, "")
    .replace(/\.(test|spec|stories|d)$/, "")
    .replace(/^(tests?|spec)[_-]?|[_-]?(tests?|specs?)$/g, "");
}

export function readPathTerms(path: string): PathTerms {
  const counts = new Map<number, number>();
  const slash = path.lastIndexOf("/");
  let total = 0;
  for (const [index, part] of path.split("/").entries()) {
    const isName = index > 0 ? part === path.slice(slash + 1) && path.endsWith(part) : slash < 0;
    for (const word of part.match(/[\p{L}\p{M}\p{N}_]+/gu) ?? [])
      for (const term of splitWord(word)) {
        const hash = hashTerm(term);
        const weight = isName ? 2 : 1;
        counts.set(hash, Math.min(255, (counts.get(hash) ?? 0) + weight));
        total += weight;
      }
  }
  const hashes = Uint32Array.from(counts.keys()).sort();
  return { hashes, counts: Uint8Array.from(hashes, (hash) => counts.get(hash)!), total };
}
