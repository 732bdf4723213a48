import { AppError } from "../../base/errors.ts";

/** Options that every command about one commit has. */
export const snapshotOptions = {
  rev: { type: "string", value: "REVISION", description: "Commit, branch or tag to look at; default: HEAD" },
} as const;

/** A whole number from 1 to `most`. @throws AppError `usage` */
export function readCount(flag: string, text: string | undefined, usual: number, most: number): number {
  if (text === undefined) return usual;
  if (/^[1-9]\d{0,6}$/.test(text) && Number(text) <= most) return Number(text);
  throw new AppError("usage", `${flag} takes a whole number from 1 to ${most}, not ${JSON.stringify(text)}.`);
}

/** `[source] "text"`: with one argument it is the text, about the folder one is in. */
export function readSourceAndText(positionals: readonly string[]): {
  readonly source: string;
  readonly text: string;
} {
  const [first = "", second] = positionals;
  return second === undefined ? { source: ".", text: first } : { source: first, text: second };
}
