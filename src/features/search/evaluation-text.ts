import { formatColumns } from "../../base/columns.ts";
import { printableLine } from "../../base/text.ts";
import { baselines } from "../../core/index/evaluation/baselines.ts";
import { type ContextMethod, contextMethods } from "../../core/index/evaluation/choose-context.ts";
import type { Estimate, MetricEstimates } from "../../core/index/evaluation/bootstrap.ts";
import type {
  Comparison,
  LearningEvaluation,
  Ratio,
  SearchEvaluation,
} from "../../core/index/evaluation/evaluation.ts";

const shown = ["mrr", "hit1", "hit5", "recall10", "recall20"] as const;
const head = ["", "MRR", "hit@1", "hit@5", "recall@10", "recall@20"];
const functionsShown = ["mrr", "hit1", "hit5", "hit10", "recall10"] as const;
const functionsHead = ["", "MRR", "hit@1", "hit@5", "hit@10", "recall@10"];
const methodNames: Readonly<Record<string, string>> = {
  ours: "search",
  asQuestion: "search, as a question",
  withoutHistory: "search, no history",
  fusion: "plain fusion",
  terms: "BM25, split words",
  bm25: "BM25",
  messages: "past messages",
  grep: "word count",
  churn: "churn",
  dense: "vectors alone",
  fused: "search, with vectors",
};
const contextNames: Readonly<Record<ContextMethod, string>> = {
  ours: "gathered",
  byRank: "by rank",
};
const denseNames: Readonly<Record<string, string>> = {
  files: "files",
  masked: "files, masked questions",
  functions: "functions",
  docSentences: "documentation to function",
};
const ratioNames = {
  masked: "files, masked questions",
  functions: "functions",
  docSentences: "documentation to function",
} satisfies Record<Ratio["name"], string>;

/** The figures as tables for people. */
export function describeEvaluation(evaluation: SearchEvaluation): string {
  const { cases, files, functions, docSentences } = evaluation;
  const paragraphs = [
    `${printableLine(evaluation.source)} at ${evaluation.commit.slice(0, 12)}: ${cases.usable} commits that change 1 to ${cases.maxFiles} files, ` +
      `${cases.oldest.slice(0, 12)} to ${cases.newest.slice(0, 12)}. Intervals: 95 %.\n`,
    section("Commit subject to changed files", files.all),
    section("The same without subjects that name a changed file", files.noLeak),
    section(
      "The same without identifiers and words of changed paths",
      files.masked,
      files.masked.skipped > 0 ? `, ${files.masked.skipped} skipped: too few words left` : "",
    ),
    section(
      "Commit subject to changed functions",
      functions,
      describeSkipped(functions.withoutFunction, functions.unreadable),
      true,
    ),
    section(
      "First sentence of documentation to its function, index without comments",
      docSentences,
      "",
      true,
    ),
    ...(evaluation.denseGain === null ? [] : [describeDense(evaluation.denseGain)]),
    describeLearning(evaluation.learning),
    describeContext(evaluation),
    describeRatios(evaluation),
    Object.entries(baselines)
      .map(([name, what]) => `${methodNames[name] ?? name}: ${what}.\n`)
      .concat(
        Object.entries(contextMethods).map(
          ([name, what]) => `${contextNames[name as ContextMethod]}: ${what}.\n`,
        ),
      )
      .join(""),
  ];
  if (evaluation.warnings.length > 0)
    paragraphs.push(
      `${evaluation.warnings.length} warnings about contents that were not read; see --json.\n`,
    );
  return paragraphs.join("\n");
}

function section(title: string, comparison: Comparison<string>, remark = "", isOfFunctions = false): string {
  const heading = `${title} (n = ${comparison.n}${remark})\n`;
  if (comparison.n === 0) return heading;
  const metrics = isOfFunctions ? functionsShown : shown;
  const rows = Object.entries(comparison.methods).map(([name, estimates]) =>
    toRow(methodNames[name] ?? name, estimates, metrics),
  );
  return heading + formatColumns([isOfFunctions ? functionsHead : head, ...rows], Infinity);
}

function toRow(
  name: string,
  estimates: MetricEstimates,
  metrics: readonly (keyof MetricEstimates)[],
): string[] {
  return [name, ...metrics.map((metric) => describeEstimate(estimates[metric]))];
}

function describeEstimate({ value, low, high }: Estimate, digits = 3): string {
  const text = (figure: number): string => figure.toFixed(digits).replace(/^(-?)0\./, "$1.");
  return `${text(value)} [${text(low)}, ${text(high)}]`;
}

function describeSkipped(withoutFunction: number, unreadable: number): string {
  return [
    withoutFunction > 0 ? `, ${withoutFunction} change no function` : "",
    unreadable > 0 ? `, ${unreadable} cannot be read` : "",
  ].join("");
}

function describeDense(denseGain: NonNullable<SearchEvaluation["denseGain"]>): string {
  const rows = Object.entries(denseGain).map(([name, gain]) => [
    denseNames[name] ?? name,
    describeEstimate(gain),
  ]);
  return `What vectors add to the reciprocal rank, case by case\n${formatColumns(rows, Infinity)}`;
}

function describeLearning({ trained, tested, isLearnt, shipped, learnt, gain }: LearningEvaluation): string {
  const heading = `Weights learnt from the ${trained} older commits, on the ${tested} newest\n`;
  if (!isLearnt)
    return `${heading}Not learnt: too few commits, or no better than the shipped weights where it was tried.\n`;
  const rows = [toRow("shipped", shipped, shown), toRow("learnt", learnt, shown)];
  return `${heading}${formatColumns([head, ...rows], Infinity)}Gain of the reciprocal rank: ${describeEstimate(gain)}\n`;
}

function describeContext({ context }: SearchEvaluation): string {
  const rows = context.flatMap(({ tokens, methods }) =>
    Object.entries(methods).map(([name, one]) => [
      `${tokens} tokens`,
      contextNames[name as ContextMethod],
      describeEstimate(one.files),
      one.functionCases === 0 ? "-" : describeEstimate(one.correctLines),
      one.functionCases === 0 ? "-" : describeEstimate(one.linesPerCorrectLine, 1),
    ]),
  );
  const heads = [
    "",
    "",
    "changed files held",
    "lines of changed functions held",
    "lines shown per such line",
  ];
  return `What is shown to a model\n${formatColumns([heads, ...rows], Infinity)}`;
}

function describeRatios({ ratios }: SearchEvaluation): string {
  const rows = ratios.map(({ name, wanted, n, measured, againstTerms }) => [
    n === 0 ? "no cases" : measured.value >= wanted ? "reached" : "not reached",
    ratioNames[name],
    `aim ${wanted}`,
    n === 0 ? "-" : describeEstimate(measured, 2),
    n === 0 ? "-" : describeEstimate(againstTerms, 2),
  ]);
  return `Search divided by BM25, by MRR\n${formatColumns(
    [["", "", "", "BM25", "BM25, split words"], ...rows],
    Infinity,
  )}`;
}
