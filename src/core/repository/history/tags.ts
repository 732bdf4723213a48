import { isAppError } from "../../../base/errors.ts";
import type { Git } from "../../../contracts/git.ts";
import { readSizes } from "../tree.ts";

const maxNamed = 1_000;

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
  const list = (refs: readonly string[]): Promise<string> =>
    git.text(
      gitDir,
      [
        "for-each-ref",
        "--sort=-creatordate",
        ...(mergedInto === null ? [] : [`--merged=${mergedInto}`]),
        "--format=%(refname:strip=2)%00%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)%00%(creatordate:unix)",
        ...refs,
      ],
      { signal },
    );
  const output = await list(["refs/tags"]).catch(async (error: unknown) => {
    if (!isAppError(error, "git-failed", "repository-damaged")) throw error;
    // Git gives up at the first tag whose object is gone; the others are still tags.
    const sound = await soundTags(gitDir, git, signal);
    return sound.length === 0 ? "" : list(sound);
  });
  return output
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line) => {
      const [name, type, own, peeledType, peeled, at] = line.split("\0");
      if ((type === "tag" ? peeledType : type) !== "commit") return [];
      return [{ name: name!, commit: type === "tag" ? peeled! : own!, at: Number(at) || 0 }];
    });
}

/** Full names of the tags whose objects are there; as many as one command line takes. */
async function soundTags(gitDir: string, git: Git, signal: AbortSignal): Promise<string[]> {
  const output = await git.text(gitDir, ["for-each-ref", "--format=%(objectname) %(refname)", "refs/tags"], {
    signal,
  });
  const refs = output
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split(" ") as [string, string]);
  const present = await readSizes(
    gitDir,
    refs.map(([oid]) => oid),
    git,
    signal,
  );
  return refs
    .filter(([oid]) => present.has(oid))
    .map(([, name]) => name)
    .slice(0, maxNamed);
}
