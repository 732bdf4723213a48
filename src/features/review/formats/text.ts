import { fit, paint, type Style, type Tone } from "../../../base/style.ts";
import { printable, printableLine } from "../../../base/text.ts";
import type { Finding } from "../../../contracts/finding.ts";
import type { ReviewResult } from "../../../contracts/review.ts";
import {
  describeCounts,
  describeModel,
  describePasses,
  describeSuppressed,
  describeUnreviewed,
} from "./describe.ts";

export interface TextOptions extends Style {
  /** Whether what is good to know is listed too. */
  readonly showsAll: boolean;
}

const tones: Readonly<Record<Finding["severity"], Tone>> = { error: "red", warning: "yellow", info: "blue" };
const labels: Readonly<Record<Finding["severity"], string>> = {
  error: "error  ",
  warning: "warning",
  info: "note   ",
};
const suggestedLines = 5;

/** A review for a person at a terminal. */
export function formatText(review: ReviewResult, options: TextOptions): string {
  const shown = review.findings.filter(({ severity }) => options.showsAll || severity !== "info");
  const { model } = review;
  const parts = [`${paint(options, "bold", describeChange(review))}\n`];
  if (model.summary !== null) parts.push(`\n${printable(model.summary)}\n`);
  if (model.walkthrough.length > 0)
    parts.push(
      `\n${model.walkthrough
        .map(({ path, text }) => `${paint(options, "cyan", printableLine(path))}  ${printableLine(text)}\n`)
        .join("")}`,
    );
  for (const finding of shown) parts.push(`\n${formatFinding(finding, options)}`);
  parts.push(`\n${formatEnd(review, shown.length, options)}`);
  return parts.join("");
}

function describeChange({ source, base, head, title, files }: ReviewResult): string {
  const name = title ?? (source === null ? "patch" : source);
  const range = head === null ? "" : `  ${base === null ? "" : `${base.slice(0, 10)}..`}${head.slice(0, 10)}`;
  const added = files.reduce((sum, file) => sum + file.added, 0);
  const removed = files.reduce((sum, file) => sum + file.removed, 0);
  return printableLine(
    `${name}${range}  ${files.length} ${files.length === 1 ? "file" : "files"}, +${added} −${removed}`,
  );
}

function formatFinding(finding: Finding, options: TextOptions): string {
  const { severity, path, line, endLine, message, why, suggestion, rule, source, confidence } = finding;
  const place = `${path}:${line}${endLine > line ? `-${endLine}` : ""}${finding.side === "old" ? " (removed)" : ""}`;
  const by = source === "model" ? `${rule}, by the model` : rule;
  const doubt = confidence === "low" ? ", not certain" : "";
  const lines = [
    `${paint(options, tones[severity], labels[severity])}  ${paint(options, "cyan", printableLine(place))}  ${paint(options, "bold", printableLine(message))}`,
    `         ${printableLine(why)} ${paint(options, "dim", `[${by}${doubt}] ${finding.fingerprint.slice(0, 8)}`)}`,
    ...excerpt(finding, options),
  ];
  if (suggestion !== null)
    lines.push(
      ...suggestion
        .split("\n")
        .slice(0, suggestedLines)
        .map(
          (text) => `       ${paint(options, "green", fit(`+ ${text}`, Math.max(20, options.columns - 7)))}`,
        ),
    );
  return `${lines.join("\n")}\n`;
}

function excerpt(finding: Finding, options: TextOptions): string[] {
  return finding.excerpt.map((text, at) => {
    const number = paint(options, "dim", `${String(finding.line + at).padStart(6)} │`);
    return `${number} ${fit(text.replaceAll("\t", "  "), Math.max(20, options.columns - 9))}`;
  });
}

function formatEnd(review: ReviewResult, shown: number, options: TextOptions): string {
  const { counts, passes, suppressed, notes } = review;
  const hidden = review.findings.length - shown;
  const lines = [
    `Found ${describeCounts(counts)}${hidden === 0 ? "" : "; --all lists the notes too"}. Looked: ${describePasses(passes)}, in ${(review.tookMs / 1000).toFixed(2)} s.`,
    describeSuppressed(suppressed),
    describeUnreviewed(review.files),
    describeModel(review.model),
    ...notes,
  ];
  return lines
    .filter((line) => line !== null)
    .map((line) => `${paint(options, "dim", printableLine(line))}\n`)
    .join("");
}
