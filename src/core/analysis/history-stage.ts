import { dirname, join } from "node:path";
import type { AnalysisHistory } from "../../contracts/analysis.ts";
import type { Repository, Warning } from "../../contracts/repository.ts";
import { fillHistory } from "../repository/fill.ts";
import { writeDiffAttributes } from "../repository/history/diff-attributes.ts";
import { countCommitLines } from "../repository/history/line-counts.ts";
import { loadHistory } from "../repository/history/load-history.ts";
import { applyMailmap } from "../repository/history/mailmap.ts";
import { readTags } from "../repository/history/tags.ts";
import { summariseHistory, withLines } from "./history/summarise.ts";
import { createHistoryView, type HistoryView } from "./history/view.ts";
import type { FileTraits } from "./languages.ts";
import type { Stage } from "./stage.ts";

/** Starts reading history. The promise may be left alone until it is wanted. */
export function readHistory({
  services,
  request,
  observer,
  signal,
  snapshot,
}: Stage): ReturnType<typeof loadHistory> {
  const loading = loadHistory(snapshot, services.git, services.cache, {
    useCache: request.useCache,
    maxChanges: services.config.values["limits.paths"],
    signal,
    onProgress: observer.onProgress,
  });
  loading.catch(() => {});
  return loading;
}

/** History without the changed lines, and what they are counted with later. */
export async function summariseStage(
  stage: Stage,
  loaded: Awaited<ReturnType<typeof loadHistory>>,
  traits: readonly FileTraits[],
): Promise<{ view: HistoryView; history: AnalysisHistory; warnings: Warning[] }> {
  const { services, snapshot, signal } = stage;
  const { facts } = loaded;
  const { gitDir } = snapshot.repository;
  const [mapped, tags, rows] = await Promise.all([
    applyMailmap(gitDir, snapshot.commit, facts.identities, services.git, signal),
    readTags(gitDir, stage.request.revision === null ? null : snapshot.commit, services.git, signal),
    rowsSince(stage, facts.oids),
  ]);
  const view = createHistoryView(facts, mapped, rows);
  const lines = new Map(
    traits.map((file) => [
      file.entry.path,
      file.facts?.lines ? file.facts.lines.code + file.facts.lines.comments + file.facts.lines.blanks : 0,
    ]),
  );
  const own = new Set(
    traits
      .filter((file) => !file.vendored && !file.generated && file.entry.kind !== "submodule")
      .map((file) => file.entry.path),
  );
  const history = summariseHistory({
    view,
    paths: traits.map((file) => file.entry.path),
    tags,
    fileLines: (path) => lines.get(path) ?? 0,
    isOwn: (path) => own.has(path),
  });
  return { view, history, warnings: loaded.warnings };
}

/** Rows of the commits that count; Git itself decides what `--since` means. */
async function rowsSince(stage: Stage, oids: readonly string[]): Promise<number[]> {
  const all = oids.map((_, row) => row);
  if (stage.request.since === null) return all;
  const output = await stage.services.git.text(
    stage.snapshot.repository.gitDir,
    ["rev-list", `--since=${stage.request.since}`, stage.snapshot.commit, "--"],
    { signal: stage.signal },
  );
  const wanted = new Set(output.split("\n"));
  return all.filter((row) => wanted.has(oids[row]!));
}

/** Counts the changed lines: the last and longest stage. */
export async function countLinesStage(
  stage: Stage,
  view: HistoryView,
  history: AnalysisHistory,
  attributeFiles: readonly { path: string; text: string }[],
): Promise<{ history: AnalysisHistory; warnings: Warning[] }> {
  const { services, snapshot, request, observer, signal } = stage;
  const { repository } = snapshot;
  await fillHistory(repository, snapshot.commit, services.git, signal);
  const attributes = await writeDiffAttributes(attributeFiles, attributesFolder(repository));
  // A merge has no lines of its own for `git log`.
  const commits = view.rows.filter((row) => view.facts.parents[row]! < 2).map((row) => view.facts.oids[row]!);
  const { linesOf, unknown } = await countCommitLines(
    repository.gitDir,
    commits,
    services.git,
    services.cache,
    {
      attributes,
      useCache: request.useCache,
      processes: services.parallelism,
      signal,
      onProgress: observer.onProgress,
    },
  );
  const warnings =
    unknown.size === 0
      ? []
      : [
          {
            code: "lines-unknown",
            message: `Changed lines of ${unknown.size} commits could not be counted: their contents are missing from this clone, or are too much for limits.git_memory.`,
          },
        ];
  return { history: withLines(history, view, (oid) => linesOf.get(oid) ?? null, unknown.size), warnings };
}

function attributesFolder(repository: Repository): string {
  return join(dirname(repository.gitDir), "attributes");
}
