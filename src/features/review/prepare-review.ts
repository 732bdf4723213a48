import type { PullRef } from "../../contracts/code-host.ts";
import type { Diff } from "../../contracts/diff.ts";
import type { OnProgress, Repository } from "../../contracts/repository.ts";
import type { ReviewedChange, ReviewedReferences } from "../../contracts/review-rule.ts";
import type { Services } from "../../contracts/services.ts";
import { readDiff } from "../../core/diff/read-diff.ts";
import { openSnapshotIndex, type OpenedIndex } from "../../core/index/search/open-index.ts";
import { createReviewedReferences } from "../../core/review/indexed-references.ts";
import { openChange, openPatch } from "../../core/review/open-change.ts";
import { parseReviewSettings, type ReviewSettings } from "../../core/review/review-settings.ts";
import { type BaseFiles, readBaseFiles } from "./read-base-files.ts";

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
  /** As that of `LocatedReview`, of what was opened in the end. */
  readonly identity: string | null;
  /** Whether all of it could be read so far: then it is the same whenever it is read again. */
  isWhole(): boolean;
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

/** What is known of a change beside its lines. */
export interface About {
  readonly pull: PullRef | null;
  readonly title: string | null;
  readonly body: string | null;
  readonly notes: readonly string[];
}

export async function prepareRange(
  repository: Repository,
  base: string | null,
  head: string,
  services: Services,
  options: PrepareOptions,
  about: About,
): Promise<PreparedReview> {
  options.onProgress({ stage: "diff", fraction: null, message: "Reading the change" });
  const read = await readDiff(repository, { base, head }, services.git, options.signal);
  return prepareDiff(
    { diff: read.diff, repository, from: base, base: read.base, head },
    services,
    options,
    about,
  );
}

export interface FoundDiff {
  readonly diff: Diff;
  readonly repository: Repository;
  /** What was asked for, and what the change is counted from. */
  readonly from: string | null;
  readonly base: string | null;
  readonly head: string | null;
}

export async function prepareDiff(
  { diff, repository, from, base, head }: FoundDiff,
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
      ...warningsOf(repository),
      ...diff.warnings.map(({ message }) => message),
      ...opened.notes,
    ],
    identity: head === null ? null : identify(repository.source, from, head),
    isWhole: () =>
      !repository.isShallow &&
      repository.warnings.length === 0 &&
      diff.warnings.length === 0 &&
      opened.notes.length === 0,
    openIndex,
  };
}

/** Contents of one review; with what is made of them they take about ten times as much memory. */
const maxContentBytes = 64 * 2 ** 20;

export function preparePatch(diff: Diff, title: string | null): PreparedReview {
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
    identity: null,
    isWhole: () => false,
    openIndex: null,
  };
}

/** Stands for a change whose commits are known. */
export function identify(source: string, base: string | null, head: string): string {
  return JSON.stringify([source, base, head]);
}

export function warningsOf({ warnings }: Repository): readonly string[] {
  return warnings.map(({ message }) => message);
}
