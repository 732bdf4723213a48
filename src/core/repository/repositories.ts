import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { AppError, isAppError } from "../../base/errors.ts";
import type { Config } from "../../config/schema.ts";
import type { Git } from "../../contracts/git.ts";
import type { Locks } from "../../contracts/lock.ts";
import type { HostLookup } from "../../contracts/network.ts";
import type { OnProgress, Repository, Snapshot, Warning } from "../../contracts/repository.ts";
import type { Services } from "../../contracts/services.ts";
import { findForeign, readForeignRefs } from "./foreign.ts";
import { writeOverlay } from "./overlay.ts";
import { updateClone } from "./clone.ts";
import { readSizes } from "./tree.ts";
import { parseSource, type LocalSource, type RemoteSource } from "./source.ts";

export interface RepositoryPorts {
  readonly git: Git;
  readonly locks: Locks;
  readonly hosts: HostLookup;
  readonly config: Config;
}

/** What `openRepository` and `resolveSnapshot` take. */
export function repositoryPorts(
  services: Pick<Services, "git" | "locks" | "hosts" | "config">,
): RepositoryPorts {
  return {
    git: services.git,
    locks: services.locks,
    hosts: services.hosts,
    config: services.config.values,
  };
}

export interface OpenOptions {
  /** Folder that relative paths start from. */
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  /** What of a clone is brought up to date; `contents`: only those that are read and missing. Default: everything. */
  readonly fetches?: "everything" | "contents" | "nothing";
  /** Further refs of a remote source to fetch, e.g. `refs/pull/7/head`; they are kept as `refs/repowright/<ref>`. */
  readonly refs?: readonly string[];
  /** `Authorization` header for a remote source, before any that the settings give. */
  readonly authorization?: string | null;
}

/**
 * Makes a source readable: a local path through an overlay, an address through a clone in the data directory.
 * @throws AppError `source-invalid`, `source-refused`, `not-a-repository`, `permission-denied`, `repository-damaged`,
 * `repository-unfetched`, `network-unreachable`, `authentication-failed`, `repository-too-large`, `time-limit`, `disk-full`, `cancelled`
 */
export async function openRepository(
  text: string,
  ports: RepositoryPorts,
  options: OpenOptions,
): Promise<Repository> {
  const source = parseSource(text, { cwd: options.cwd, protocols: ports.config["git.protocols"] });
  return source.kind === "local" ? openLocal(source, ports, options) : openRemote(source, ports, options);
}

async function openLocal(
  source: LocalSource,
  ports: RepositoryPorts,
  options: OpenOptions,
): Promise<Repository> {
  const foreign = await findForeign(source.path);
  const refs = await readForeignRefs(foreign);
  const key = createHash("sha256").update(foreign.gitDir).digest("hex").slice(0, 16);
  const root = foreign.workTree ?? foreign.gitDir;
  const name = basename(root).replace(/\.git$/, "") || "repository";
  const folder = join(ports.config["data_dir"], "repositories", `${safeName(name)}-${key}`);
  const gitDir = join(folder, "git");
  const release = await ports.locks.acquire(join(folder, "lock"), lockOptions(ports, options));
  try {
    await writeOverlay(gitDir, foreign, refs);
  } finally {
    release();
  }
  const warnings: Warning[] = [];
  if (refs.hasPromisor)
    warnings.push({
      code: "partial-clone",
      message: "This is a partial clone: content that was never fetched is missing from the report.",
    });
  return {
    name,
    source: root,
    gitDir,
    objectsDir: join(foreign.commonDir, "objects"),
    branch: branchOf(refs.head),
    isShallow: refs.shallow !== null,
    workTree: foreign.workTree === null ? null : { path: foreign.workTree, foreignGitDir: foreign.gitDir },
    fetchMissing: null,
    warnings,
  };
}

async function openRemote(
  source: RemoteSource,
  ports: RepositoryPorts,
  options: OpenOptions,
): Promise<Repository> {
  const folder = join(ports.config["data_dir"], "repositories", `${safeName(source.name)}-${source.key}`);
  const lock = (): Promise<() => void> =>
    ports.locks.acquire(join(folder, "lock"), lockOptions(ports, options));
  const release = await lock();
  try {
    const clone = await updateClone(source, folder, ports, options);
    const head = (
      await ports.git
        .text(clone.gitDir, ["rev-parse", "--symbolic-full-name", "HEAD"], { signal: options.signal })
        .catch(() => "HEAD")
    ).trim();
    return {
      name: source.name,
      source: source.url,
      gitDir: clone.gitDir,
      objectsDir: join(clone.gitDir, "objects"),
      branch: branchOf(`ref: ${head}`),
      isShallow: false,
      workTree: null,
      async fetchMissing(oids, signal) {
        const releaseContents = await lock();
        try {
          // Another process may have fetched them while this one waited.
          const present = await readSizes(clone.gitDir, oids, ports.git, signal);
          const missing = oids.filter((oid) => !present.has(oid));
          if (missing.length > 0) await clone.fetchMissing(missing, signal);
        } finally {
          releaseContents();
        }
      },
      warnings: clone.warnings,
    };
  } finally {
    release();
  }
}

function lockOptions(ports: RepositoryPorts, options: OpenOptions): Parameters<Locks["acquire"]>[1] {
  return {
    timeoutMs: ports.config["git.lock_timeout"],
    signal: options.signal,
    onWait: (pid) =>
      options.onProgress({
        stage: "lock",
        fraction: null,
        message: `Waiting for process ${pid ?? "?"}, which is updating this repository`,
      }),
  };
}

/**
 * Resolves a revision once; everything later uses the full commit id.
 * @throws AppError `repository-empty`, `revision-unknown`
 */
export async function resolveSnapshot(
  repository: Repository,
  revision: string,
  ports: RepositoryPorts,
  signal: AbortSignal,
): Promise<Snapshot> {
  const unknown = (cause?: unknown): AppError =>
    new AppError(
      "revision-unknown",
      `${repository.name} has no revision ${JSON.stringify(revision).slice(0, 200)}.`,
      {},
      cause,
    );
  if (
    revision === "" ||
    revision.startsWith("-") ||
    /[\u0000-\u001f\u007f]/.test(revision) ||
    revision.length > 1_000
  )
    throw unknown();
  const output = await ports.git
    .text(
      repository.gitDir,
      ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`],
      { signal },
    )
    .catch(async (error: unknown) => {
      if (!isAppError(error) || isAppError(error, "cancelled", "time-limit", "git-killed")) throw error;
      if (revision === "HEAD") await explainHead(repository, ports, signal);
      throw unknown(error);
    });
  const commit = output.trim().split("\n").at(-1)!;
  if (!/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(commit)) throw unknown();
  return { repository, commit };
}

/** HEAD does not resolve: no commit at all, a branch without commits, or a commit that is gone. */
async function explainHead(
  repository: Repository,
  ports: RepositoryPorts,
  signal: AbortSignal,
): Promise<void> {
  const refs = (
    await ports.git.text(repository.gitDir, ["for-each-ref", "--format=%(refname:short)", "--count=5"], {
      signal,
    })
  ).trim();
  if (refs === "") throw new AppError("repository-empty", `${repository.name} has no commits yet.`);
  if (repository.branch !== null)
    throw new AppError(
      "revision-unknown",
      `HEAD of ${repository.name} is the branch ${repository.branch}, which has no readable commit. There are: ${refs.replaceAll("\n", ", ")}.`,
    );
}

function branchOf(head: string): string | null {
  return /^ref: refs\/heads\/(.+)$/.exec(head)?.[1] ?? null;
}

function safeName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, "_").slice(0, 60);
}
