import type { Terminal } from "../../src/contracts/terminal.ts";

export interface RecordedTerminal extends Terminal {
  /** Everything written to standard output. */
  readonly output: () => string;
  /** Everything written to standard error. */
  readonly notes: () => string;
}

/** A terminal that keeps what is written to it. */
export function recordTerminal(
  options: { readonly columns?: number; readonly hasColor?: boolean } = {},
): RecordedTerminal {
  let output = "";
  let notes = "";
  return {
    write: (text) => void (output += text),
    note: (text) => void (notes += `${text}\n`),
    progress: () => {},
    clearProgress: () => {},
    isInteractive: false,
    hasColor: options.hasColor ?? false,
    columns: options.columns ?? 100,
    output: () => output,
    notes: () => notes,
  };
}
