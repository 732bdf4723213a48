import type { Git } from "../../../contracts/git.ts";

export interface Tag {
  readonly name: string;
  /** The tagged commit. */
  readonly commit: string;
  /** Seconds since 1970: the tagger's time, else the commit's. */
  readonly at: number;
}

/**
 * Tags that name commits, newest first. Releases are often tagged on branches of their own, so all count; with `mergedInto`
 * only those that this commit contains.
 */
export async function readTags(
  gitDir: string,
  mergedInto: string | null,
  git: Git,
  signal: AbortSignal,
): Promise<Tag[]> {
  const output = await git.text(
    gitDir,
    [
      "for-each-ref",
      "--sort=-creatordate",
      ...(mergedInto === null ? [] : [`--merged=${mergedInto}`]),
      "--format=%(refname:strip=2)%00%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)%00%(creatordate:unix)",
      "refs/tags",
    ],
    { signal },
  );
  return output
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line) => {
      const [name, type, own, peeledType, peeled, at] = line.split("\0");
      if ((type === "tag" ? peeledType : type) !== "commit") return [];
      return [{ name: name!, commit: type === "tag" ? peeled! : own!, at: Number(at) || 0 }];
    });
}
