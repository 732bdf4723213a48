import type { Git } from "../../../contracts/git.ts";
import { readBlobs } from "../../repository/tree.ts";

/** A range of lines of one content. */
export interface LineRange {
  readonly oid: string;
  readonly startLine: number;
  readonly endLine: number;
}

/** The text of each range, at most `maxLines` of it; empty where the content cannot be read. */
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
    const lines = bytes.toString("utf8").split("\n");
    for (const at of byOid.get(oid) ?? []) {
      const { startLine, endLine } = ranges[at]!;
      texts[at] = lines.slice(startLine - 1, Math.min(endLine, startLine - 1 + maxLines)).join("\n");
    }
  });
  return texts;
}
