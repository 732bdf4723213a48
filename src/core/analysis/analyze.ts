import { analysisSchemaName, type Analysis } from "../../contracts/analysis.ts";
import type { Snapshot, Warning } from "../../contracts/repository.ts";
import type { Services } from "../../contracts/services.ts";
import { fillTree } from "../repository/fill.ts";
import { openRepository, repositoryPorts, resolveSnapshot } from "../repository/repositories.ts";
import { readTree } from "../repository/tree.ts";
import { readAttributeFiles } from "../repository/languages/read-attribute-files.ts";
import { countLinesStage, readHistory, summariseStage } from "./history-stage.ts";
import { summariseLanguages } from "./languages.ts";
import { getReport, incompleteKey, putReport, reportKey } from "./report-cache.ts";
import type { AnalyzeObserver, AnalyzeRequest } from "./request.ts";
import { scanFiles } from "./scan-files.ts";
import { describeStack } from "./stack.ts";
import type { Stage } from "./stage.ts";
import { summariseSymbols } from "./symbols.ts";
import { createTimings, type Timings } from "./timings.ts";
import { capWarnings, fileWarnings } from "./warnings.ts";
import { describeWorkTree } from "./work-tree.ts";

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
  const ports = repositoryPorts(services);
  const repository = await openRepository(request.source, ports, {
    cwd: request.cwd,
    signal,
    onProgress: observer.onProgress,
  });
  const snapshot = await resolveSnapshot(repository, request.revision ?? "HEAD", ports, signal);
  timings.mark("openMs");
  return analyzeSnapshot(snapshot, request, services, observer, signal, timings);
}

/** The same for a commit that is already known. */
export async function analyzeSnapshot(
  snapshot: Snapshot,
  request: AnalyzeRequest,
  services: Services,
  observer: AnalyzeObserver,
  signal: AbortSignal,
  timings: Timings = createTimings(),
): Promise<Analysis> {
  const { cache, config, git } = services;
  const { repository } = snapshot;
  const stage: Stage = { services, request, observer, signal, snapshot, timings };

  // Not part of what is kept: it is about this moment's files, not about the commit.
  const lookAtWorkTree = (): Promise<Warning[]> =>
    request.revision === null ? describeWorkTree(repository, git, signal) : Promise.resolve([]);
  const key = await reportKey(snapshot, request, config.values);
  const kept =
    key !== null && request.useCache
      ? (getReport(cache, key) ?? getReport(cache, await incompleteKey(key, repository)))
      : null;
  if (kept) {
    const report = {
      ...kept,
      warnings: [...(await lookAtWorkTree()), ...repository.warnings.filter(isMomentary), ...kept.warnings],
      timings: timings.all(),
    };
    observer.onPart(report);
    return report;
  }
  const { report, isWhole, isComplete } = await analyzeAnew(stage, lookAtWorkTree);
  if (key !== null && isWhole)
    putReport(cache, isComplete ? key : await incompleteKey(key, repository), {
      ...report,
      warnings: report.warnings.filter((warning) => !isMomentary(warning)),
    });
  return report;
}

/** About this run, not about the commit: never kept with a report. */
function isMomentary(warning: { readonly code: string }): boolean {
  return /^(dirty-work-tree|work-tree-unknown|stale-clone)$/.test(warning.code);
}

interface MadeReport {
  readonly report: Analysis;
  /** False when a thread died: such a report is shown once and never kept. */
  readonly isWhole: boolean;
  /** False when contents are missing, which may be there the next time. */
  readonly isComplete: boolean;
}

async function analyzeAnew(stage: Stage, lookAtWorkTree: () => Promise<Warning[]>): Promise<MadeReport> {
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
  const loadingEcosystems = services.ecosystems();

  // History is Git's work and contents are the threads'. On few processors Git would only hold up the first screen.
  const hasRoom = services.parallelism > 2;
  const early = hasRoom ? readHistory(stage) : null;
  const tree = await readTree(snapshot, services.git, {
    maxPaths: services.config.values["limits.paths"],
    signal,
  });
  const entries = await fillTree(snapshot, tree.entries, services.git, signal);
  timings.mark("treeMs");
  const attributeFiles = await readAttributeFiles(repository.gitDir, entries, services, signal);
  const ecosystems = await loadingEcosystems;
  const files = scanFiles(stage, entries, attributeFiles, ecosystems);
  await files.scan.contentsReady;
  const loading = early ?? readHistory(stage);
  const aboutWorkTree = lookAtWorkTree();
  // Awaited last; until then its failure (a cancel) must not end the process as unhandled.
  aboutWorkTree.catch(() => {});
  timings.mark("contentsMs");
  const traits = files.traits();
  const languages = summariseLanguages(traits);
  observer.onPart({ languages });
  const facts = describeStack(ecosystems, services.cache, files.scan.result.texts, traits, request.useCache);
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
  const isWhole = files.scan.result.lost.size === 0;
  const isComplete = !warnings.some((warning) => warning.code === "missing-blob");
  if (!request.countsLines) return { report, isWhole, isComplete };

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
    isWhole,
    isComplete: isComplete && lines.warnings.length === 0,
  };
}
