import { AppError, isAppError } from "../../base/errors.ts";
import type { PullRef } from "../../contracts/code-host.ts";
import type { Diff } from "../../contracts/diff.ts";
import type { OnProgress, Repository } from "../../contracts/repository.ts";
import type { ReviewedChange, ReviewedReferences } from "../../contracts/review-rule.ts";
import type { Services } from "../../contracts/services.ts";
import { parseDiff } from "../../core/diff/parse-diff.ts";
import { readDiff, readStagedDiff, readWorkTreeDiff } from "../../core/diff/read-diff.ts";
import { openSnapshotIndex, type OpenedIndex } from "../../core/index/search/open-index.ts";
import {
  openRepository,
  type RepositoryPorts,
  repositoryPorts,
  resolveSnapshot,
} from "../../core/repository/repositories.ts";
import { createReviewedReferences } from "../../core/review/indexed-references.ts";
import { openChange, openPatch } from "../../core/review/open-change.ts";
import { parseReviewSettings, type ReviewSettings } from "../../core/review/review-settings.ts";
import { findBase } from "./find-base.ts";
import { openPull } from "./open-pull.ts";
import { type BaseFiles, readBaseFiles } from "./read-base-files.ts";
import type { ReviewTarget } from "./review-target.ts";

/** A change that is ready to be looked at, and what its repository wants of a review. */
export interface PreparedReview {
  readonly diff: Diff;
  readonly change: ReviewedChange;
  readonly settings: ReviewSettings;
  readonly baseFiles: BaseFiles;
  /** Address or path of the repository; null for a bare patch. */
  readonly source: string | null;
  /** Where the change is counted from (the merge base), and its head; null where there is none. */
  readonly base: string | null;
  readonly head: string | null;
  readonly pull: PullRef | null;
  readonly title: string | null;
  readonly body: string | null;
  readonly notes: readonly string[];
  /** The index of the head; null where there is none. */
  readonly openIndex: (() => Promise<OpenedIndex>) | null;
}

export interface PrepareOptions {
  readonly onProgress: OnProgress;
  /** Known already, from a webhook. */
  readonly title: string | null;
  readonly signal: AbortSignal;
}

const settingsFile = "repowright.toml";

/**
 * Finds the change and reads what it needs.
 * @throws AppError of `openRepository`, `resolveSnapshot`, `parseDiff`, `HostClient.pull`; `config-invalid` for a
 * `repowright.toml` that does not fit
 */
export async function prepareReview(
  target: ReviewTarget,
  services: Services,
  options: PrepareOptions,
): Promise<PreparedReview> {
  if (target.kind === "patch") return preparePatch(parseDiff(target.text), options.title);
  const { signal, onProgress } = options;
  const ports = repositoryPorts(services);
  if (target.kind === "pull") {
    const opened = await openPull(target, services, options);
    return prepareRange(opened.repository, opened.base, opened.head, services, options, {
      pull: target.pull,
      title: opened.title,
      body: opened.body,
      notes: opened.notes,
    });
  }
  const repository = await openRepository(target.source, ports, { cwd: target.cwd, signal, onProgress });
  if (target.kind === "uncommitted") {
    const commit = await resolveStart(repository, ports, signal);
    const read = target.isStaged ? readStagedDiff : readWorkTreeDiff;
    const diff = await read(repository, commit, services.git, signal);
    return prepareDiff(diff, repository, commit, null, services, options, {
      pull: null,
      title: target.isStaged ? "Staged changes" : "Changes that are not committed",
      body: null,
      notes: [],
    });
  }
  const head = await resolveGiven(repository, target.head ?? "HEAD", ports, signal);
  const found =
    target.base === null
      ? await findBase(repository, head, ports, signal)
      : { commit: await resolveGiven(repository, target.base, ports, signal), note: null };
  return prepareRange(repository, found.commit, head, services, options, {
    pull: null,
    title: options.title,
    body: null,
    notes: found.note === null ? [] : [found.note],
  });
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

interface About {
  readonly pull: PullRef | null;
  readonly title: string | null;
  readonly body: string | null;
  readonly notes: readonly string[];
}

async function prepareRange(
  repository: Repository,
  base: string | null,
  head: string,
  services: Services,
  options: PrepareOptions,
  about: About,
): Promise<PreparedReview> {
  options.onProgress({ stage: "diff", fraction: null, message: "Reading the change" });
  const read = await readDiff(repository, { base, head }, services.git, options.signal);
  return prepareDiff(read.diff, repository, read.base, head, services, options, about);
}

async function prepareDiff(
  diff: Diff,
  repository: Repository,
  base: string | null,
  head: string | null,
  services: Services,
  options: PrepareOptions,
  about: About,
): Promise<PreparedReview> {
  const { signal, onProgress } = options;
  const { values } = services.config;
  const openIndex =
    head === null
      ? null
      : (): Promise<OpenedIndex> =>
          openSnapshotIndex(
            { repository, commit: head },
            { useCache: true, builds: true, signal, onProgress },
            services,
          );
  let change: ReviewedChange | null = null;
  const references: ReviewedReferences | null =
    openIndex === null
      ? null
      : createReviewedReferences({
          scanner: services.scanner,
          openIndex: async () => (await openIndex()).index,
          read: async (path) => change!.read(path),
          signal,
        });
  const opened = await openChange(diff, repository, base, {
    git: services.git,
    limits: {
      fileBytes: values["limits.parse_bytes"],
      totalBytes: maxContentBytes,
      paths: values["limits.paths"],
    },
    references,
    signal,
  });
  change = opened.change;
  const baseFiles = await readBaseFiles(repository, base, services.git, signal);
  return {
    diff,
    change,
    baseFiles,
    settings: parseReviewSettings(baseFiles.settings, `${settingsFile} of the base commit`),
    source: repository.source,
    base,
    head,
    ...about,
    notes: [
      ...about.notes,
      ...repository.warnings.map(({ message }) => message),
      ...diff.warnings.map(({ message }) => message),
      ...opened.notes,
    ],
    openIndex,
  };
}

/** Contents of one review; with what is made of them they take about ten times as much memory. */
const maxContentBytes = 64 * 2 ** 20;

function preparePatch(diff: Diff, title: string | null): PreparedReview {
  const { change, notes } = openPatch(diff);
  return {
    diff,
    change,
    settings: parseReviewSettings(null, settingsFile),
    baseFiles: { settings: null, readAll: async () => new Map() },
    source: null,
    base: null,
    head: null,
    pull: null,
    title,
    body: null,
    notes: [...diff.warnings.map(({ message }) => message), ...notes],
    openIndex: null,
  };
}
