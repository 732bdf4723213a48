/** Options that every command about one commit has. */
export const snapshotOptions = {
  rev: { type: "string", value: "REVISION", description: "Commit, branch or tag to look at; default: HEAD" },
} as const;

/** `[source] "text"`: with one argument it is the text, about the folder one is in. */
export function readSourceAndText(positionals: readonly string[]): {
  readonly source: string;
  readonly text: string;
} {
  const [first = "", second] = positionals;
  return second === undefined ? { source: ".", text: first } : { source: first, text: second };
}
