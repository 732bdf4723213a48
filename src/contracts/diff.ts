/** What happened between two versions of a repository, or what a patch says happened. */
export interface Diff {
  readonly files: readonly FileDiff[];
  /** True when something of it is not here, for a limit or because the text ended early; the warnings say what. */
  readonly isTruncated: boolean;
  readonly warnings: readonly DiffWarning[];
}

export interface DiffWarning {
  /** Stable, kebab-case, e.g. `hunk-cut-short`. */
  readonly code: string;
  /** Names the path where there is one. */
  readonly message: string;
  readonly path?: string;
}

export type FileStatus = "added" | "modified" | "deleted" | "renamed" | "copied" | "type-changed";

export interface FileDiff {
  /** `/`-separated path after the change; of a deleted file the one before. Bytes that are not UTF-8 are written as `\xNN`. */
  readonly path: string;
  /** Where it was renamed or copied from; null otherwise. */
  readonly oldPath: string | null;
  readonly status: FileStatus;
  /** Six octal digits; null when unknown, and on the side where there is no file. */
  readonly oldMode: string | null;
  readonly newMode: string | null;
  /** Blob ids (of a submodule: commits), whole where Git gave them whole; null when unknown or on the side without a file. */
  readonly oldOid: string | null;
  readonly newOid: string | null;
  readonly isBinary: boolean;
  /** True for a gitlink on either side. */
  readonly isSubmodule: boolean;
  /** In order, not overlapping. Empty for binary files, pure renames and mode changes. */
  readonly hunks: readonly Hunk[];
  /** Lines, also where hunks were left out for their size; 0 where the content could not be had. */
  readonly addedLines: number;
  readonly removedLines: number;
  /**
   * True when the content changed and hunks are not here: all of them for a limit or a missing content, the last ones where a
   * text ended too early. No hunks is then not a clean file.
   */
  readonly isCut: boolean;
}

export interface Hunk {
  /** First line on either side, from 1; with 0 lines, the line before it, as unified diffs count. */
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  /** What Git prints after the second `@@`: usually the enclosing function. */
  readonly heading: string;
  readonly lines: readonly DiffLine[];
}

export interface DiffLine {
  readonly kind: "context" | "added" | "removed";
  /** Without its end of line; a carriage return before it is kept. */
  readonly text: string;
  /** From 1; null on the side that does not have the line. */
  readonly oldLine: number | null;
  readonly newLine: number | null;
  /** The file ends with this line, without a newline. */
  readonly hasNoNewline: boolean;
}
