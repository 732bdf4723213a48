import type { OnProgress } from "./repository.ts";

/** Where a command writes. Data goes to `write`, everything else to `note` and `progress`. */
export interface Terminal {
  /** Standard output. */
  write(text: string): void;
  /** A line for the person, on standard error; never data. */
  note(text: string): void;
  /** One line that is overwritten, on standard error of a terminal only. */
  readonly progress: OnProgress;
  /** Takes the progress line away. */
  clearProgress(): void;
  /** Whether standard output is a terminal. */
  readonly isInteractive: boolean;
  readonly hasColor: boolean;
  /** Characters per line; 100 when piped. */
  readonly columns: number;
}
