import { dirname, join } from "node:path";
import { analysisSchemaName, type Analysis, type AnalysisHistory } from "../../contracts/analysis.ts";
import type { Repository, Snapshot, TreeEntry, Warning } from "../../contracts/repository.ts";
import type { Services } from "../../contracts/services.ts";
import { scanSnapshot, type ScanResult } from "../../core/index/scan-snapshot.ts";
import { fillHistory, fillTree } from "../../core/repository/fill.ts";
import { writeDiffAttributes } from "../../core/repository/history/diff-attributes.ts";
import { countCommitLines } from "../../core/repository/history/line-counts.ts";
import { loadHistory } from "../../core/repository/history/load-history.ts";
import { applyMailmap } from "../../core/repository/history/mailmap.ts";
import { readTags } from "../../core/repository/history/tags.ts";
import { createAttributes } from "../../core/repository/languages/attributes.ts";
import { pathTraits } from "../../core/repository/languages/path-traits.ts";
import { openRepository, resolveSnapshot } from "../../core/repository/repositories.ts";
import { readTree } from "../../core/repository/tree.ts";
import { readAttributeFiles } from "./attribute-files.ts";
import { summariseHistory, withLines } from "./history/summarise.ts";
import { createHistoryView, type HistoryView } from "./history/view.ts";
import { summariseLanguages, type FileTraits } from "./languages.ts";
import { getReport, putReport, reportKey } from "./report-cache.ts";
import type { AnalyzeObserver, AnalyzeRequest } from "./request.ts";
import { summariseSymbols } from "./symbols.ts";
import { describeStack, wantsText } from "./stack.ts";
import { createTimings, type Timings } from "./timings.ts";
import { capWarnings, fileWarnings } from "./warnings.ts";
import { describeWorkTree } from "./work-tree.ts";

/** What all stages of one analysis share. */
interface Stage {
  readonly services: Services;
  readonly request: AnalyzeRequest;
  readonly observer: AnalyzeObserver;
  readonly signal: AbortSignal;
  readonly snapshot: Snapshot;
  readonly timings: Timings;
}

/**
 * Analyses one commit of a repository. Parts are handed to the observer as they become known, the changed lines
 * last; the resolved report is whole. A report of the same commit and settings is taken from the cache.
 * @throws AppError of `openRepository` and `resolveSnapshot`; whatever is odd inside the repository is a warning
 */
export async function analyzeRepository(
  request: AnalyzeRequest,
  services: Services,
  observer: AnalyzeObserver,
  signal: AbortSignal,
): Promise<Analysis> {
  const timings = createTimings();
  const { cache, config, git } = services;
  const ports = { git, locks: services.locks, hosts: services.hosts, config: config.values };
  const repository = await openRepository(request.source, ports, {
    cwd: request.cwd,
    signal,
    onProgress: observer.onProgress,
  });
  const snapshot = await resolveSnapshot(repository, request.revision ?? "HEAD", ports, signal);
  timings.mark("openMs");
  const stage: Stage = { services, request, observer, signal, snapshot, timings };

  // Not part of what is kept: it is about this moment's files, not about the commit.
  const aboutWorkTree =
    request.revision === null ? describeWorkTree(repository, git, signal) : Promise.resolve([]);
  // Awaited last; until then its failure (a cancel) must not end the process as unhandled.
  aboutWorkTree.catch(() => {});
  const key = await reportKey(snapshot, request, config.values);
  const kept = key !== null && request.useCache ? getReport(cache, key) : null;
  if (kept) {
    const report = {
      ...kept,
      warnings: [...(await aboutWorkTree), ...repository.warnings.filter(isMomentary), ...kept.warnings],
      timings: timings.all(),
    };
    observer.onPart(report);
    return report;
  }
  const { report, isComplete } = await analyzeAnew(stage, aboutWorkTree);
  if (key !== null && isComplete)
    putReport(cache, key, {
      ...report,
      warnings: report.warnings.filter((warning) => !isMomentary(warning)),
    });
  return report;
}

/** About this run, not about the commit: never kept with a report. */
function isMomentary(warning: { readonly code: string }): boolean {
  return /^(dirty-work-tree|work-tree-unknown|stale-clone)$/.test(warning.code);
}

async function analyzeAnew(
  stage: Stage,
  aboutWorkTree: Promise<Warning[]>,
): Promise<{ report: Analysis; isComplete: boolean }> {
  const { services, request, observer, signal, snapshot, timings } = stage;
  const { repository } = snapshot;
  const about: Analysis["repository"] = {
    name: repository.name,
    source: repository.source,
    head: snapshot.commit,
    branch: request.revision === null ? repository.branch : null,
    shallow: repository.isShallow,
    since: request.since,
  };
  observer.onPart({ repository: about });
  services.scanner.warm();

  const readHistory = (): ReturnType<typeof loadHistory> => {
    const loading = loadHistory(snapshot, services.git, services.cache, {
      useCache: request.useCache,
      maxChanges: services.config.values["limits.paths"],
      signal,
      onProgress: observer.onProgress,
    });
    loading.catch(() => {});
    return loading;
  };
  // History is Git's work and contents are the threads'. On few processors Git would only hold up the first screen.
  const hasRoom = services.parallelism > 2;
  const early = hasRoom ? readHistory() : null;
  const tree = await readTree(snapshot, services.git, {
    maxPaths: services.config.values["limits.paths"],
    signal,
  });
  const entries = await fillTree(snapshot, tree.entries, services.git, signal);
  timings.mark("treeMs");
  const attributeFiles = await readAttributeFiles(repository.gitDir, entries, services, signal);
  const files = await scanFiles(stage, entries, attributeFiles);
  await files.scan.contentsReady;
  const loading = early ?? readHistory();
  timings.mark("contentsMs");
  const traits = files.traits();
  const languages = summariseLanguages(traits);
  observer.onPart({ languages });
  const facts = describeStack(services, files.scan.result.texts, traits, request.useCache);
  observer.onPart({ stack: facts.stack, dependencies: facts.dependencies, structure: facts.structure });
  timings.mark("stackMs");

  const { view, history, warnings: historyWarnings } = await summariseStage(stage, await loading, traits);
  observer.onPart({ history });
  timings.mark("historyMs");

  await files.scan.done;
  timings.mark("symbolsMs");
  const symbols = summariseSymbols(files.parsed());
  const structure = { ...facts.structure, environment: files.environment() };
  const warnings = capWarnings([
    ...(await aboutWorkTree),
    ...repository.warnings,
    ...(repository.isShallow
      ? [
          {
            code: "shallow",
            message:
              "This is a shallow clone: history before its edge is missing, so counts and ages start there. `git fetch --unshallow` brings the rest.",
          },
        ]
      : []),
    ...tree.warnings,
    ...historyWarnings,
    ...files.scan.result.warnings,
    ...fileWarnings(entries, (entry) => ({
      content: files.contentOf(entry),
      symbols: files.symbolsOf(entry),
    })),
    ...facts.warnings,
  ]);
  observer.onPart({ symbols, structure, warnings });

  const report: Analysis = {
    schema: analysisSchemaName,
    repository: about,
    history,
    languages,
    stack: facts.stack,
    dependencies: facts.dependencies,
    structure,
    symbols,
    warnings,
    timings: timings.all(),
  };
  // Contents that are missing now may be there the next time.
  // What is missing now may have been fetched by the next run.
  const isComplete =
    files.scan.result.lost.size === 0 && !warnings.some((warning) => warning.code === "missing-blob");
  if (!request.countsLines) return { report, isComplete };

  const lines = await countLinesStage(stage, view, history, attributeFiles);
  timings.mark("linesMs");
  observer.onPart({ history: lines.history });
  return {
    report: {
      ...report,
      history: lines.history,
      warnings: [...warnings, ...lines.warnings],
      timings: timings.all(),
    },
    isComplete: isComplete && lines.warnings.length === 0,
  };
}

async function scanFiles(
  stage: Stage,
  entries: readonly TreeEntry[],
  attributeFiles: readonly { path: string; text: string }[],
) {
  const { services, snapshot, request, observer, signal } = stage;
  const { values } = services.config;
  const attributesOf = createAttributes(attributeFiles);
  // By path and attributes alone; content has its say in `traits`.
  const byPath = new Map(
    entries.map((entry) => {
      const own = pathTraits(entry.path);
      const set = attributesOf(entry.path);
      return [
        entry.path,
        {
          set,
          vendored: set.vendored ?? own.vendored,
          generated: set.generated ?? own.generatedByPath,
          documentation: set.documentation ?? own.documentation,
        },
      ] as const;
    }),
  );
  const scan = scanSnapshot(
    snapshot,
    entries,
    { git: services.git, cache: services.cache, scanner: services.scanner },
    {
      useCache: request.useCache,
      maxFileBytes: values["limits.file_bytes"],
      maxContentBytes: values["limits.content_bytes"],
      forcedLanguage: (path) => byPath.get(path)!.set.language,
      wantsSymbols: (path) => !byPath.get(path)!.vendored && !byPath.get(path)!.generated,
      wantsText: (path) => wantsText(services, path),
      signal,
      onProgress: observer.onProgress,
    },
  );
  const { result } = scan;
  return {
    scan,
    contentOf: (entry: TreeEntry) => result.contents.get(result.keyOf(entry)),
    symbolsOf: (entry: TreeEntry) => result.symbols.get(result.keyOf(entry)),
    traits: (): FileTraits[] =>
      entries.map((entry) => {
        const facts =
          entry.kind === "file" || entry.kind === "executable"
            ? result.contents.get(result.keyOf(entry))
            : undefined;
        const path = byPath.get(entry.path)!;
        return {
          entry,
          facts,
          vendored: path.vendored,
          generated: path.generated || (path.set.generated === undefined && facts?.generated === true),
          documentation: path.documentation,
          detectable: path.set.detectable,
        };
      }),
    parsed: () =>
      parsedFiles(entries, result, (path) => !byPath.get(path)!.vendored && !byPath.get(path)!.generated),
    environment: () =>
      environmentUses(entries, result, (path) => !byPath.get(path)!.vendored && !byPath.get(path)!.generated),
  };
}

function parsedFiles(
  entries: readonly TreeEntry[],
  result: ScanResult,
  isOwn: (path: string) => boolean,
): Parameters<typeof summariseSymbols>[0] {
  return entries.flatMap((entry) => {
    const symbols = result.symbols.get(result.keyOf(entry));
    const language = result.contents.get(result.keyOf(entry))?.language;
    return symbols && language && entry.kind !== "symlink" && isOwn(entry.path)
      ? [{ path: entry.path, language, symbols }]
      : [];
  });
}

function environmentUses(
  entries: readonly TreeEntry[],
  result: ScanResult,
  isOwn: (path: string) => boolean,
): Analysis["structure"]["environment"] {
  const uses = new Map<string, { path: string; line: number }[]>();
  for (const entry of entries)
    if (entry.kind !== "symlink" && isOwn(entry.path))
      for (const { name, line } of result.symbols.get(result.keyOf(entry))?.environment ?? [])
        uses.set(name, [...(uses.get(name) ?? []), { path: entry.path, line }]);
  return [...uses]
    .map(([name, places]) => ({ name, uses: places }))
    .sort((a, b) => b.uses.length - a.uses.length || (a.name < b.name ? -1 : 1));
}

async function summariseStage(
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

async function countLinesStage(
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
