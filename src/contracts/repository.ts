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
