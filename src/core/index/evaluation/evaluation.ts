import type { Warning } from "../../../contracts/repository.ts";
import type { SignalWeights } from "../search/signals.ts";
import type { BaselineName } from "./baselines.ts";
import type { ContextMethod } from "./choose-context.ts";
import type { Estimate, MetricEstimates } from "./bootstrap.ts";

/** The same cases, ranked by each method. */
export interface Comparison<Method extends string> {
  /** Cases. */
  readonly n: number;
  readonly methods: Readonly<Record<Method, MetricEstimates>> &
    Readonly<Partial<Record<DenseMethod, MetricEstimates>>>;
}

/** Vectors alone, and search with vectors; only where there are some. */
export type DenseMethod = "dense" | "fused";

export type FileMethod = "ours" | BaselineName;

/** What `eval search` measured. */
export interface SearchEvaluation {
  readonly source: string;
  readonly commit: string;
  readonly cases: {
    /** Commits that were asked for. */
    readonly asked: number;
    readonly maxFiles: number;
    /** Those of them that change files which their parent has. */
    readonly usable: number;
    readonly newest: string;
    readonly oldest: string;
  };
  /** Commit subject → files that the commit changed. Ours is with the shipped weights. */
  readonly files: {
    readonly all: Comparison<FileMethod>;
    /** Subjects that do not contain the name of a changed file. */
    readonly noLeak: Comparison<FileMethod>;
    /** Without identifiers and words of changed paths; subjects of which too little is left are skipped. */
    readonly masked: Comparison<FileMethod> & { readonly skipped: number };
  };
  /** Commit subject → functions that the commit changed. */
  readonly functions: Comparison<"ours" | "terms" | "bm25"> & {
    /** Commits that change no function, or whose contents are not here. */
    readonly withoutFunction: number;
    readonly unreadable: number;
  };
  /** First sentence of a function's documentation → the function, with all comments left out of the index. */
  readonly docSentences: Comparison<"ours" | "asQuestion" | "withoutHistory" | "terms" | "bm25">;
  /** What vectors add to the reciprocal rank, case by case; null where none were measured. */
  readonly denseGain: Readonly<Record<"files" | "masked" | "functions" | "docSentences", Estimate>> | null;
  readonly context: readonly ContextEvaluation[];
  /** Weights from the older 70 % of the commits against the shipped ones, on the newest 30 %. */
  readonly learning: LearningEvaluation;
  /** Ours ÷ BM25 by mean reciprocal rank, with what is aimed at. */
  readonly ratios: readonly Ratio[];
  readonly warnings: readonly Warning[];
}

export interface ContextEvaluation {
  readonly tokens: number;
  readonly methods: Readonly<Record<ContextMethod, ContextEstimates>>;
}

export interface ContextEstimates {
  /** Cases; those whose contents are missing are left out. */
  readonly n: number;
  /** Share of the changed files of which any piece is shown. */
  readonly files: Estimate;
  /** Of the cases that change a function. */
  readonly functionCases: number;
  /** Lines shown for each one that is in a changed function; 0 when there is none. */
  readonly linesPerCorrectLine: Estimate;
  /** Share of the lines of changed functions that is shown. */
  readonly correctLines: Estimate;
}

export interface LearningEvaluation {
  readonly trained: number;
  readonly tested: number;
  /** False: too few cases, or learning did not prove itself on the cases held back; then both are the same. */
  readonly isLearnt: boolean;
  readonly weights: SignalWeights;
  readonly shipped: MetricEstimates;
  readonly learnt: MetricEstimates;
  /** Learnt minus shipped, case by case, of the reciprocal rank. */
  readonly gain: Estimate;
}

export interface Ratio {
  readonly name: "masked" | "functions" | "docSentences";
  readonly wanted: number;
  /** Cases; without any the figures are 0 and say nothing. */
  readonly n: number;
  /** Against BM25 over words as they are written. */
  readonly measured: Estimate;
  /** Against BM25 over words split and stemmed as ours are. */
  readonly againstTerms: Estimate;
}
