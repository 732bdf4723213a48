import type { TreeEntry } from "../../../contracts/repository.ts";

export interface DirectorySize {
  /** Without a trailing slash. */
  readonly path: string;
  /** Files in it and below it. */
  readonly files: number;
  readonly bytes: number;
}

export interface FileSize {
  readonly path: string;
  readonly bytes: number;
}

export interface TreeSizes {
  readonly files: number;
  readonly bytes: number;
  /** Folders of the first `MAX_LEVELS` levels with everything below them, by path. */
  readonly directories: readonly DirectorySize[];
  readonly largestFiles: readonly FileSize[];
}

const MAX_LEVELS = 2;
const MAX_DIRECTORIES = 300;
const MAX_LARGEST = 20;

/** Counts and sizes of a snapshot; submodules are not files, missing blobs count as empty. */
export function describeTree(entries: readonly TreeEntry[]): TreeSizes {
  const directories = new Map<string, { path: string; files: number; bytes: number }>();
  let files = 0;
  let bytes = 0;
  for (const { path, kind, sizeBytes } of entries) {
    if (kind === "submodule") continue;
    const size = Math.max(0, sizeBytes);
    files += 1;
    bytes += size;
    let at = path.indexOf("/");
    for (let level = 0; at !== -1 && level < MAX_LEVELS; level += 1) {
      const folder = path.slice(0, at);
      const known = directories.get(folder);
      if (known === undefined) directories.set(folder, { path: folder, files: 1, bytes: size });
      else {
        known.files += 1;
        known.bytes += size;
      }
      at = path.indexOf("/", at + 1);
    }
  }
  const kept = [...directories.values()];
  // With too many folders the second level loses its smallest ones; the first level is never cut.
  if (kept.length > MAX_DIRECTORIES)
    kept.sort((a, b) => Number(a.path.includes("/")) - Number(b.path.includes("/")) || b.files - a.files);
  return {
    files,
    bytes,
    directories: kept.slice(0, MAX_DIRECTORIES).sort((a, b) => (a.path < b.path ? -1 : 1)),
    largestFiles: entries
      .filter(({ kind, sizeBytes }) => kind !== "submodule" && sizeBytes > 0)
      .toSorted((a, b) => b.sizeBytes - a.sizeBytes || (a.path < b.path ? -1 : 1))
      .slice(0, MAX_LARGEST)
      .map(({ path, sizeBytes }) => ({ path, bytes: sizeBytes })),
  };
}
