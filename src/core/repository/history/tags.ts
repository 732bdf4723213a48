import type { Git } from "../../../contracts/git.ts";

export interface Tag {
  readonly name: string;
  /** The tagged commit. */
  readonly commit: string;
  /** Seconds since 1970: the tagger's time, else the commit's. */
  readonly at: number;
}

/** Tags that name commits reachable from `commit`, newest first. */
export async function readTags(
  gitDir: string,
  commit: string,
  git: Git,
  signal: AbortSignal,
): Promise<Tag[]> {
  const output = await git.text(
    gitDir,
    [
      "for-each-ref",
      "--sort=-creatordate",
      `--merged=${commit}`,
      "--format=%(refname:strip=2)%00%(objecttype)%00%(objectname)%00%(*objectname)%00%(creatordate:unix)",
      "refs/tags",
    ],
    { signal },
  );
  return output
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [name, type, own, peeled, at] = line.split("\0");
      return { name: name!, commit: type === "tag" ? peeled! : own!, at: Number(at) || 0 };
    });
}
