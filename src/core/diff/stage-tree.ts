import { lstat, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../../base/errors.ts";
import { decodeName } from "../../base/text.ts";
import type { DiffWarning } from "../../contracts/diff.ts";
import type { Git, GitOptions } from "../../contracts/git.ts";
import type { Repository } from "../../contracts/repository.ts";
import { copyIndex } from "../repository/copy-index.ts";
import { readNullTokens } from "../repository/null-tokens.ts";

export interface StagedTree {
  /** A tree in our own repository. */
  readonly tree: string;
  readonly warnings: readonly DiffWarning[];
}

/**
 * What a person staged, or with `takesWorkTree` what their files are now, as a tree in our own repository: it can then be
 * compared, and its contents read, like any other. Git works on a copy of the index with our configuration, so that no
 * filter, hook or monitor of the foreign repository runs, and nothing is written there. Files that are not tracked are
 * left out; submodules are not entered.
 */
export async function writeStagedTree(
  repository: Repository,
  git: Git,
  options: {
    /** What an index that is not there counts as; null: empty. */
    readonly commit: string | null;
    readonly takesWorkTree: boolean;
    readonly signal: AbortSignal;
  },
): Promise<StagedTree> {
  const { workTree, gitDir } = repository;
  if (workTree === null)
    throw new AppError(
      "source-invalid",
      `${repository.name} has no work tree, so nothing can be staged in it; a local clone was expected.`,
    );
  const folder = await mkdtemp(join(tmpdir(), "repowright-"));
  try {
    const indexFile = join(folder, "index");
    // Nothing is read through this one: in the person's own folder Git would obey their attributes.
    const nowhere = join(folder, "empty");
    await mkdir(nowhere);
    const hasIndex = await copyIndex(workTree.foreignGitDir, folder);
    const common = { signal: options.signal, isMemoryLimited: true } as const;
    const atIndex: GitOptions = {
      ...common,
      settings: ["core.bare=false", "core.splitIndex=false"],
      workTree: { path: nowhere, indexFile },
    };
    // A clone that was never checked out has none. Nothing was staged there; Git would say that all of it is deleted.
    if (!hasIndex && options.commit !== null) await git.text(gitDir, ["read-tree", options.commit], atIndex);
    const warnings = await settleConflicts(gitDir, git, atIndex);
    if (options.takesWorkTree) {
      const unread = await takeWorkTree(workTree.path, gitDir, git, {
        ...common,
        settings: ["core.bare=false", "core.splitIndex=false", "core.symlinks=true"],
        workTree: { path: workTree.path, indexFile },
      });
      warnings.push(...unread);
    }
    const tree = await git.text(gitDir, ["write-tree", "--missing-ok"], atIndex);
    return { tree: tree.trim(), warnings };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A conflict has no content yet. It counts as not changed: as it is in the branch that is merged into. */
async function settleConflicts(gitDir: string, git: Git, options: GitOptions): Promise<DiffWarning[]> {
  const paths = new Map<string, { readonly raw: Buffer; readonly nothing: string; ours: string | null }>();
  const listing = git.stream(gitDir, ["ls-files", "--unmerged", "-z"], { ...options, stdin: "" });
  await readNullTokens(listing.stdout, (token) => {
    const tab = token.indexOf(9);
    const [mode, oid, stage] = token.toString("latin1", 0, tab).split(" ");
    const raw = Buffer.from(token.subarray(tab + 1));
    const key = raw.toString("latin1");
    const entry = paths.get(key) ?? { raw, nothing: `0 ${"0".repeat(oid!.length)}`, ours: null };
    if (stage === "2") entry.ours = `${mode} ${oid} 0`;
    paths.set(key, entry);
    return true;
  });
  await listing.done;
  if (paths.size === 0) return [];
  const lines = [...paths.values()].flatMap(({ raw, nothing, ours }) =>
    // Without the removal first the other stages would stay.
    [nothing, ...(ours === null ? [] : [ours])].map((info) =>
      Buffer.concat([Buffer.from(`${info}\t`), raw, Buffer.of(0)]),
    ),
  );
  await git.text(gitDir, ["update-index", "-z", "--index-info"], { ...options, stdin: Buffer.concat(lines) });
  return [...paths.values()].slice(0, 20).map(({ raw }) => {
    const path = decodeName(raw).text;
    return {
      code: "unmerged-path",
      message: `${path} has a merge conflict that is not resolved; it was left out.`,
      path,
    };
  });
}

/**
 * Files that changed are hashed into our own repository. `git add` would ask every submodule for its state, with that
 * submodule's configuration; these two commands do not.
 */
async function takeWorkTree(
  folder: string,
  gitDir: string,
  git: Git,
  options: GitOptions,
): Promise<DiffWarning[]> {
  const changed: Buffer[] = [];
  const listing = git.stream(gitDir, ["diff-files", "--name-only", "-z", "--ignore-submodules=all"], {
    ...options,
    stdin: "",
  });
  await readNullTokens(listing.stdout, (token) => {
    changed.push(Buffer.from(token));
    return true;
  });
  await listing.done;
  const warnings: DiffWarning[] = [];
  const taken: Buffer[] = [];
  for (const raw of changed) {
    const info = await lstat(Buffer.concat([Buffer.from(`${folder}/`), raw])).catch(() => null);
    // Git gives up at the first pipe or socket, and with it on all other files.
    if (info === null || info.isFile() || info.isSymbolicLink() || info.isDirectory()) taken.push(raw);
    else {
      const path = decodeName(raw).text;
      warnings.push({ code: "no-file", message: `${path} is no longer a file; it was left out.`, path });
    }
  }
  if (taken.length > 0)
    await git.text(gitDir, ["update-index", "--add", "--remove", "-z", "--stdin"], {
      ...options,
      stdin: Buffer.concat(taken.flatMap((raw) => [raw, Buffer.of(0)])),
    });
  return warnings;
}
