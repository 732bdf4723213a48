import type { RawFinding } from "./finding.ts";
import type { ReviewedFile } from "./review-rule.ts";

/** Another program's checks. Its findings on lines that were not added are dropped by the engine. */
export interface Linter {
  /** Kebab-case; also the `source` of its findings, and the part before `/` in the ids of its rules. */
  readonly id: string;
  /** Stands for what it would say: changes with its version and its configuration. Part of keys of caches. */
  readonly version: string;
  /** Whether it has anything to say about such a file. */
  accepts(file: ReviewedFile): boolean;
  /**
   * Looks at files that it accepts, whole or not. Contents are hostile: it reads no configuration from the repository and
   * runs nothing of it. `note` is told what it had to leave out while the rest went on. @throws AppError `linter-failed`, `time-limit`, `cancelled`; the review then goes on without it
   */
  check(
    files: readonly ReviewedFile[],
    signal: AbortSignal,
    note?: (text: string) => void,
  ): Promise<readonly RawFinding[]>;
}
