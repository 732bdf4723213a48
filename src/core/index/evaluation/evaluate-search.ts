import { AppError } from "../../../base/errors.ts";
import type { OnProgress, Snapshot } from "../../../contracts/repository.ts";
import type { Services } from "../../../contracts/services.ts";
import { learnWeights } from "../search/learn-weights.ts";
import { parseQuery } from "../search/query.ts";
import { rankFiles } from "../search/rank-files.ts";
import { minLearnCases } from "../search/repository-weights.ts";
import { changeWeights, profileOf } from "../search/weights.ts";
import { type Estimate, estimateMean, estimateMetrics, estimateRatio } from "./bootstrap.ts";
import { prepareDense } from "./dense-lists.ts";
import { type ContextMethod, createContextMethods } from "./choose-context.ts";
import { type PreparedCases, prepareCases } from "./commit-cases.ts";
import { contextTokens } from "./context-cases.ts";
import type {
  Comparison,
  ContextEstimates,
  DenseMethod,
  FileMethod,
  LearningEvaluation,
  Ratio,
  SearchEvaluation,
} from "./evaluation.ts";
import { type CaseMeasures, type CaseTools, measureCase } from "./measure-case.ts";
import { type DocMetrics, measureDocSentences } from "./measure-docs.ts";
import { measureRanking, type RankMetrics } from "./metrics.ts";
import { readWordTable } from "./whole-words.ts";

export interface EvaluationOptions {
  /** Newest commits that are asked about. */
  readonly commits: number;
  /** Commits that change more files are left out. */
  readonly maxFiles: number;
  /** Whether vectors are made of everything that is asked about, and measured. */
  readonly embeddings?: boolean;
  /** Others than the usual, for tests. */
  readonly contextMethods?: CaseTools["contextMethods"];
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** With fewer cases an interval is as wide as the scale. */
const minCases = 10;
/** Contents of all parents together that are held in memory, about 5 KB each; older commits are left out beyond. */
const maxContents = 100_000;
const trainShare = 0.7;
/** What the issue that asked for search wants of it, against BM25 on the same cases. */
const wantedRatios = { masked: 1.5, functions: 1.4, docSentences: 2 };

/**
 * Measures search on a repository's own history: each commit is a question to the index of its parent.
 * @throws AppError `history-too-short`
 */
export async function evaluateSearch(
  snapshot: Snapshot,
  services: Services,
  options: EvaluationOptions,
): Promise<SearchEvaluation> {
  const { signal, onProgress } = options;
  const prepared = await prepareCases(snapshot, services, {
    useCache: true,
    commits: options.commits,
    maxFiles: options.maxFiles,
    maxContents,
    signal,
    onProgress,
  });
  assertEnough(snapshot, prepared, prepared.cases.length, options);
  const { repository } = snapshot;
  const { git } = services;
  const subjects = prepared.cases.map(({ subject }) => subject);
  const table = await readWordTable(prepared.files, subjects, repository.gitDir, git, signal);
  const contextMethods = options.contextMethods ?? createContextMethods(git);
  const dense =
    options.embeddings === true
      ? await prepareDense(repository.gitDir, prepared.files, services, {
          withComments: true,
          signal,
          onProgress,
        })
      : null;
  const tools: CaseTools = { repository, git, table, dense, contextMethods, signal };
  const measures: CaseMeasures[] = [];
  for (const one of prepared.each()) {
    measures.push(await measureCase(one, tools));
    signal.throwIfAborted();
    onProgress({
      stage: "cases",
      fraction: measures.length / prepared.cases.length,
      message: "Asking what older commits changed",
    });
  }
  assertEnough(snapshot, prepared, measures.length, options);
  const learning = compareLearnt(prepared, measures);
  const docs = await measureDocSentences(snapshot, services, {
    signal,
    onProgress,
    embeddings: options.embeddings === true,
  });
  const masked = measures.flatMap((measure) => measure.masked ?? []);
  const functions = measures.flatMap((measure) =>
    typeof measure.functions === "string" ? [] : measure.functions,
  );
  const count = (what: CaseMeasures["functions"]): number =>
    measures.filter((measure) => measure.functions === what).length;
  return {
    source: snapshot.repository.source,
    commit: snapshot.commit,
    cases: {
      asked: options.commits,
      maxFiles: options.maxFiles,
      usable: measures.length,
      newest: prepared.cases[0]!.commit,
      oldest: prepared.cases.at(-1)!.commit,
    },
    files: {
      all: compare<FileMethod>(measures.map((measure) => measure.all)),
      noLeak: compare<FileMethod>(
        measures.filter((measure) => !measure.hasLeak).map((measure) => measure.all),
      ),
      masked: { ...compare<FileMethod>(masked), skipped: measures.length - masked.length },
    },
    functions: {
      ...compare<"ours" | "terms" | "bm25">(functions),
      withoutFunction: count("none"),
      unreadable: count("unreadable"),
    },
    docSentences: compare<Exclude<keyof DocMetrics, DenseMethod>>(docs),
    denseGain:
      dense === null
        ? null
        : {
            files: gainOf(measures.map((measure) => measure.all)),
            masked: gainOf(masked),
            functions: gainOf(functions),
            docSentences: gainOf(docs),
          },
    context: contextTokens.map((tokens, at) => ({
      tokens,
      methods: {
        ours: summariseContext("ours", at, measures),
        byRank: summariseContext("byRank", at, measures),
      },
    })),
    learning,
    ratios: [ratio("masked", masked), ratio("functions", functions), ratio("docSentences", docs)],
    warnings: prepared.warnings,
  };
}

function assertEnough(
  { repository }: Snapshot,
  { commits }: PreparedCases,
  usable: number,
  { maxFiles }: EvaluationOptions,
): void {
  if (usable >= minCases) return;
  const cut = repository.isShallow ? " This is a shallow clone: the rest of its history is missing." : "";
  throw new AppError(
    "history-too-short",
    `At least ${minCases} commits are needed that have one parent and change 1 to ${maxFiles} files which were there before; ` +
      `of the ${commits} commits of this history ${usable} do.${cut}`,
    { commits, usable, needed: minCases },
  );
}

function compare<Method extends string>(
  cases: readonly Readonly<Record<Method, RankMetrics>>[],
): Comparison<Method> {
  const names = Object.keys(cases[0] ?? {}) as Method[];
  return {
    n: cases.length,
    methods: Object.fromEntries(
      names.map((name) => [name, estimateMetrics(cases.map((metrics) => metrics[name]))]),
    ) as Comparison<Method>["methods"],
  };
}

/** Each case against itself: far narrower than the intervals of both would let expect. */
function gainOf(
  cases: readonly (Readonly<Record<"ours", RankMetrics>> &
    Readonly<Partial<Record<DenseMethod, RankMetrics>>>)[],
): Estimate {
  return estimateMean(cases.map(({ ours, fused }) => (fused?.mrr ?? ours.mrr) - ours.mrr));
}

function ratio(
  name: Ratio["name"],
  cases: readonly Readonly<Record<"ours" | "bm25" | "terms", RankMetrics>>[],
): Ratio {
  const against = (method: "bm25" | "terms"): Estimate =>
    estimateRatio(
      cases.map(({ ours }) => ours.mrr),
      cases.map((metrics) => metrics[method].mrr),
    );
  return {
    name,
    wanted: wantedRatios[name],
    n: cases.length,
    measured: against("bm25"),
    againstTerms: against("terms"),
  };
}

function summariseContext(
  method: ContextMethod,
  at: number,
  measures: readonly CaseMeasures[],
): ContextEstimates {
  const all = measures.flatMap(({ context }) => context[method]?.[at] ?? []);
  const withLines = all.filter((metrics) => metrics.wantedLines > 0);
  const correct = withLines.map((metrics) => metrics.correctLines);
  return {
    n: all.length,
    files: estimateMean(all.map((metrics) => metrics.files)),
    functionCases: withLines.length,
    linesPerCorrectLine: estimateRatio(
      withLines.map((metrics) => metrics.shownLines),
      correct,
    ),
    correctLines: estimateRatio(
      correct,
      withLines.map((metrics) => metrics.wantedLines),
    ),
  };
}

/** Cases come newest first: the newest 30 % are asked again with what the others taught. */
function compareLearnt(prepared: PreparedCases, measures: readonly CaseMeasures[]): LearningEvaluation {
  const tested = Math.round(measures.length * (1 - trainShare));
  const training = measures.slice(tested);
  const cases = training.length < minLearnCases ? [] : training.flatMap((measure) => measure.learnCases);
  const { weights, isLearnt } = learnWeights(cases, changeWeights);
  const shipped = measures.slice(0, tested).map((measure) => measure.all.ours);
  const learnt: RankMetrics[] = [];
  if (isLearnt)
    for (const { case: one, index, relevant } of prepared.each()) {
      if (learnt.length === tested) break;
      const query = parseQuery(one.subject);
      const ranked = rankFiles(index, query, { weights: profileOf(query, weights).files });
      learnt.push(measureRanking(ranked.order, relevant));
    }
  else learnt.push(...shipped);
  return {
    trained: training.length,
    tested,
    isLearnt,
    weights,
    shipped: estimateMetrics(shipped),
    learnt: estimateMetrics(learnt),
    gain: estimateMean(learnt.map((metrics, at) => metrics.mrr - shipped[at]!.mrr)),
  };
}
