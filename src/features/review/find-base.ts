import { isAppError } from "../../base/errors.ts";
import type { Git } from "../../contracts/git.ts";
import type { Repository } from "../../contracts/repository.ts";
import { type RepositoryPorts, resolveSnapshot } from "../../core/repository/repositories.ts";

/** Branches that changes usually go into, the surest first. */
const mainBranches = [
  "refs/remotes/origin/HEAD",
  "refs/remotes/origin/main",
  "refs/remotes/origin/master",
  "refs/heads/main",
  "refs/heads/master",
  "refs/remotes/origin/develop",
  "refs/heads/develop",
];

export interface FoundBase {
  /** Null: the commit has no parent, and everything in it is new. */
  readonly commit: string | null;
  readonly note: string;
}

/**
 * What a change is counted from when nobody says: the main branch, where the head is ahead of it; else the head's own first
 * parent, so that on the main branch its last commit is reviewed.
 */
export async function findBase(
  repository: Repository,
  head: string,
  ports: RepositoryPorts,
  signal: AbortSignal,
): Promise<FoundBase> {
  const main =
    repository.workTree === null && repository.branch !== null ? [`refs/heads/${repository.branch}`] : [];
  const names = [...main, ...mainBranches];
  const commits = await readRefs(repository.gitDir, names, ports.git, signal);
  for (const name of names) {
    const commit = commits.get(name);
    if (commit === undefined || (await isAncestor(repository.gitDir, head, commit, ports.git, signal)))
      continue;
    return { commit, note: `Compared with ${name.replace(/^refs\/(heads|remotes)\//, "")}.` };
  }
  const parent = await resolve(repository, `${head}^`, ports, signal);
  return parent === null
    ? {
        commit: null,
        note: repository.isShallow
          ? "This shallow clone does not have the commit before, so everything counts as new; fetch more of the history, as with `git fetch --unshallow`, or `fetch-depth: 0` in a workflow."
          : "The first commit: everything in it is new.",
      }
    : {
        commit: parent,
        note: "The last commit is reviewed, because it is on the main branch; --base says otherwise.",
      };
}

async function resolve(
  repository: Repository,
  revision: string,
  ports: RepositoryPorts,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    return (await resolveSnapshot(repository, revision, ports, signal)).commit;
  } catch (error) {
    if (isAppError(error, "revision-unknown", "repository-empty")) return null;
    throw error;
  }
}

/** Commits of those refs that exist. */
async function readRefs(
  gitDir: string,
  names: readonly string[],
  git: Git,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const output = await git.text(
    gitDir,
    ["for-each-ref", "--format=%(objectname) %(objecttype) %(refname)", ...names],
    { signal },
  );
  return new Map(
    output.split("\n").flatMap((line) => {
      const [commit = "", type, ...name] = line.split(" ");
      return type === "commit" ? [[name.join(" "), commit] as const] : [];
    }),
  );
}

async function isAncestor(
  gitDir: string,
  commit: string,
  of: string,
  git: Git,
  signal: AbortSignal,
): Promise<boolean> {
  const count = await git.text(
    gitDir,
    ["rev-list", "--count", "--max-count=1", "--end-of-options", commit, `^${of}`],
    { signal },
  );
  return count.trim() === "0";
}
