/** How much of a diff is read. What goes beyond is left out with a warning; reading never fails for size. */
export interface DiffLimits {
  readonly maxBytes: number;
  readonly maxFiles: number;
  /** Lines of hunks that are kept, all files together. */
  readonly maxLines: number;
  /** Lines of hunks of one file; beyond, its hunks are left out and its lines only counted. */
  readonly maxFileLines: number;
  /** The same for a file with a longer line: nobody wrote that one by hand. */
  readonly maxLineBytes: number;
}

/** A kept line costs about 130 bytes beside its text. */
export const defaultDiffLimits: DiffLimits = {
  maxBytes: 256 * 1024 * 1024,
  maxFiles: 20_000,
  maxLines: 3_000_000,
  maxFileLines: 500_000,
  maxLineBytes: 1024 * 1024,
};
