/** One file of a snapshot's tree. */
export interface TreeEntry {
  /** As Git stores it, `/`-separated; bytes that are not UTF-8 are written as `\xNN`. */
  readonly path: string;
  /** Git blob id (40 or 64 hex digits); for a submodule the commit it points at. */
  readonly oid: string;
  readonly kind: "file" | "executable" | "symlink" | "submodule";
  /** -1 when the blob is missing. */
  readonly sizeBytes: number;
}

/** Something that was skipped or is odd; never the end of an analysis. */
export interface Warning {
  /** Stable, kebab-case, e.g. `missing-blob`. */
  readonly code: string;
  readonly message: string;
  readonly path?: string;
}

/** A repository that is ready to be read: `gitDir` is ours, bare, and never has foreign configuration. */
export interface Repository {
  readonly name: string;
  /** The source as shown to people: a path, or an address without credentials. */
  readonly source: string;
  readonly gitDir: string;
  /** Where the contents are: the foreign object store for a local path. */
  readonly objectsDir: string;
  /** Branch that HEAD names; null when detached. */
  readonly branch: string | null;
  readonly isShallow: boolean;
  /** Folder whose files a person may have changed; null for bare and remote repositories. */
  readonly workTree: WorkTree | null;
  /** How to get blobs that a blobless clone lacks; null where nothing can be got. */
  readonly fetchMissing: ((oids: readonly string[], signal: AbortSignal) => Promise<void>) | null;
  readonly warnings: readonly Warning[];
}

export interface WorkTree {
  readonly path: string;
  /** The foreign repository's own Git folder; only ever read as files. */
  readonly foreignGitDir: string;
}

/** A commit that was resolved once, so that nothing can move under an analysis. */
export interface Snapshot {
  readonly repository: Repository;
  /** Full commit id. */
  readonly commit: string;
}

/** Progress of anything that takes longer than a second. `fraction` is null while the whole is unknown. */
export interface Progress {
  readonly stage: string;
  readonly fraction: number | null;
  readonly message: string;
}

export type OnProgress = (progress: Progress) => void;
