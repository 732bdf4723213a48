import type { Git } from "../../../contracts/git.ts";
import { readBlobs } from "../../repository/tree.ts";

/** A range of lines of one content. */
export interface LineRange {
  readonly oid: string;
  readonly startLine: number;
  readonly endLine: number;
}

/** A line of a megabyte is data, whatever it is called. */
const maxCharacters = 20_000;

/**
 * The text of each range, at most `maxLines` and 20,000 characters of it, without carriage returns; empty where the
 * content cannot be read.
 */
export async function readLines(
  gitDir: string,
  ranges: readonly LineRange[],
  maxLines: number,
  git: Git,
  signal: AbortSignal,
): Promise<string[]> {
  const texts = ranges.map(() => "");
  const byOid = Map.groupBy(ranges.keys(), (at) => ranges[at]!.oid);
  if (byOid.size === 0) return texts;
  await readBlobs(gitDir, [...byOid.keys()], git, signal, (oid, bytes) => {
    const lines = splitLines(bytes);
    for (const at of byOid.get(oid) ?? []) {
      const { startLine, endLine } = ranges[at]!;
      texts[at] = lines
        .slice(startLine - 1, Math.min(endLine, startLine - 1 + maxLines))
        .join("\n")
        .slice(0, maxCharacters)
        .toWellFormed();
    }
  });
  return texts;
}

/** Lines of a text as Git counts them, without what ends them. */
export function splitLines(bytes: Buffer): string[] {
  return bytes
    .toString("utf8")
    .split("\n")
    .map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
}
