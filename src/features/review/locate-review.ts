import { AppError, isAppError } from "../../base/errors.ts";
import type { PullRef } from "../../contracts/code-host.ts";
import type { Repository } from "../../contracts/repository.ts";
import type { Services } from "../../contracts/services.ts";
import { parseDiff } from "../../core/diff/parse-diff.ts";
import { readStagedDiff, readWorkTreeDiff } from "../../core/diff/read-diff.ts";
import {
  openRepository,
  type RepositoryPorts,
  repositoryPorts,
  resolveSnapshot,
} from "../../core/repository/repositories.ts";
import { parseSource } from "../../core/repository/source.ts";
import { findBase } from "./find-base.ts";
import { openPull } from "./open-pull.ts";
import {
  identify,
  type PreparedReview,
  prepareDiff,
  type PrepareOptions,
  preparePatch,
  prepareRange,
  warningsOf,
} from "./prepare-review.ts";
import type { PullTarget, ReviewTarget } from "./review-target.ts";

/** A change that was found; nothing of what it changes was read yet. */
export interface LocatedReview {
  readonly source: string | null;
  readonly pull: PullRef | null;
  readonly title: string | null;
  readonly body: string | null;
  /** Of finding it. */
  readonly notes: readonly string[];
  /** Source and commits, which always mean the same change; null where they are not known, or there are none. */
  readonly identity: string | null;
  /** Reads the change, the first time that it is called. @throws AppError as `locateReview` */
  open(): Promise<PreparedReview>;
}

const commitId = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/**
 * Finds the change. What names a remote repository's commits by their full ids opens no repository before it is read.
 * @throws AppError of `openRepository`, `resolveSnapshot`, `parseDiff`, `HostClient.pull`; `config-invalid` for a
 * `repowright.toml` that does not fit
 */
export async function locateReview(
  target: ReviewTarget,
  services: Services,
  options: PrepareOptions,
): Promise<LocatedReview> {
  switch (target.kind) {
    case "patch":
      return {
        source: null,
        pull: null,
        title: options.title,
        body: null,
        notes: [],
        identity: null,
        open: once(async () => preparePatch(parseDiff(target.text), options.title)),
      };
    case "pull":
      return locatePull(target, services, options);
    case "uncommitted":
      return locateUncommitted(target, services, options);
    case "range":
      return locateRange(target, services, options);
    default:
      return target satisfies never;
  }
}

async function locatePull(
  target: PullTarget,
  services: Services,
  options: PrepareOptions,
): Promise<LocatedReview> {
  const { pull, known } = target;
  const open = once(() => openPull(target, services, options));
  const prepare = once(async () => {
    const { repository, base, head, title, body, notes } = await open();
    return prepareRange(repository, base, head, services, options, { pull, title, body, notes });
  });
  if (known !== undefined && isCommit(known.base) && isCommit(known.head)) {
    const source = addressOf(known.cloneUrl, services);
    if (source !== null) {
      const { title, body, base, head } = known;
      return { pull, title, body, source, notes: [], identity: identify(source, base, head), open: prepare };
    }
  }
  const { repository, base, head, title, body, notes } = await open();
  return {
    pull,
    title,
    body,
    source: repository.source,
    notes: [...notes, ...warningsOf(repository)],
    identity: identify(repository.source, base, head),
    open: prepare,
  };
}

async function locateUncommitted(
  target: Extract<ReviewTarget, { readonly kind: "uncommitted" }>,
  services: Services,
  options: PrepareOptions,
): Promise<LocatedReview> {
  const { signal, onProgress } = options;
  const ports = repositoryPorts(services);
  const repository = await openRepository(target.source, ports, { cwd: target.cwd, signal, onProgress });
  const about = {
    pull: null,
    title: target.isStaged ? "Staged changes" : "Changes that are not committed",
    body: null,
    notes: [],
  };
  return {
    ...about,
    source: repository.source,
    notes: warningsOf(repository),
    identity: null,
    open: once(async () => {
      const commit = await resolveStart(repository, ports, signal);
      const read = target.isStaged ? readStagedDiff : readWorkTreeDiff;
      const diff = await read(repository, commit, services.git, signal);
      return prepareDiff(
        { diff, repository, from: commit, base: commit, head: null },
        services,
        options,
        about,
      );
    }),
  };
}

async function locateRange(
  target: Extract<ReviewTarget, { readonly kind: "range" }>,
  services: Services,
  options: PrepareOptions,
): Promise<LocatedReview> {
  const { signal, onProgress, title } = options;
  const ports = repositoryPorts(services);
  const about = { pull: null, title, body: null };
  const open = once(() => openRepository(target.source, ports, { cwd: target.cwd, signal, onProgress }));
  const find = once(async () => {
    const repository = await open();
    const [head, given] = await Promise.all([
      resolveGiven(repository, target.head ?? "HEAD", ports, signal),
      target.base === null ? null : resolveGiven(repository, target.base, ports, signal),
    ]);
    if (given !== null) return { repository, base: given, head, notes: [] };
    const { commit, note } = await findBase(repository, head, ports, signal);
    return { repository, base: commit, head, notes: [note] };
  });
  const prepare = once(async () => {
    const { repository, base, head, notes } = await find();
    return prepareRange(repository, base, head, services, options, { ...about, notes });
  });
  const { base, head } = target;
  if (isCommit(base) && isCommit(head)) {
    const remote = addressOf(target.source, services);
    const repository = remote === null ? await open() : null;
    const source = remote ?? repository!.source;
    const notes = repository === null ? [] : warningsOf(repository);
    return { ...about, source, notes, identity: identify(source, base, head), open: prepare };
  }
  const found = await find();
  const { source } = found.repository;
  return {
    ...about,
    source,
    notes: [...found.notes, ...warningsOf(found.repository)],
    identity: identify(source, found.base, found.head),
    open: prepare,
  };
}

function isCommit(revision: string | null): revision is string {
  return revision !== null && commitId.test(revision);
}

/** Null for a path: what is there must be looked at, because it can be another repository tomorrow. */
function addressOf(text: string, { config }: Services): string | null {
  const source = parseSource(text, { cwd: "/", protocols: config.values["git.protocols"] });
  return source.kind === "local" ? null : source.url;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}

/** What uncommitted files are compared with; null before the first commit. */
async function resolveStart(
  repository: Repository,
  ports: RepositoryPorts,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    return (await resolveSnapshot(repository, "HEAD", ports, signal)).commit;
  } catch (error) {
    if (isAppError(error, "repository-empty")) return null;
    throw error;
  }
}

async function resolveGiven(
  repository: Repository,
  revision: string,
  ports: RepositoryPorts,
  signal: AbortSignal,
): Promise<string> {
  try {
    return (await resolveSnapshot(repository, revision, ports, signal)).commit;
  } catch (error) {
    if (!repository.isShallow || !isAppError(error, "revision-unknown")) throw error;
    throw new AppError(
      error.code,
      `${error.message} It is a shallow clone; \`git fetch --unshallow\`, or \`fetch-depth: 0\` in a workflow, brings the rest.`,
      {},
      error,
    );
  }
}
