import { AppError } from "../../../base/errors.ts";
import type { FindingCategory, RawFinding, Severity } from "../../../contracts/finding.ts";
import {
  sarifLogSchema,
  type SarifMessage,
  type SarifResult,
  type SarifRule,
  type SarifRun,
} from "./sarif-log.ts";
import { describeMisfit } from "../describe-misfit.ts";
import { pathOf } from "./sarif-paths.ts";

const maxResults = 100_000;
const maxText = 2_000;

/**
 * Findings of any tool that writes SARIF 2.1.0. What it suppressed itself, and what is nowhere in the repository, is left
 * out. `root` is the folder in which the tool saw the repository, for tools that write absolute paths.
 * @throws AppError `sarif-invalid`
 */
export function readSarif(text: string, root: string | null = null): RawFinding[] {
  let value: unknown;
  try {
    // What is null is not there, whatever the schema says.
    value = JSON.parse(text.replace(/^\ufeff/, ""), (_, part: unknown) => (part === null ? undefined : part));
  } catch (error) {
    const reason = error instanceof Error ? error.message.replaceAll(/\s+/g, " ").slice(0, 200) : "";
    throw new AppError("sarif-invalid", `This is no SARIF, because it is not JSON: ${reason}.`, {}, error);
  }
  const parsed = sarifLogSchema.safeParse(value);
  if (!parsed.success)
    throw new AppError("sarif-invalid", `This is no SARIF 2.1.0: ${describeMisfit(parsed.error, 400)}.`);
  const found = parsed.data.runs.flatMap((run) => readRun(run, root));
  if (found.length > maxResults)
    throw new AppError(
      "sarif-invalid",
      `The SARIF has ${found.length} results; at most ${maxResults} can be read.`,
    );
  return found;
}

function readRun(run: SarifRun, root: string | null): RawFinding[] {
  const source = slugOf(run.tool.driver.name);
  return (run.results ?? []).flatMap((result) => {
    if (isLeftOut(result)) return [];
    const place = result.locations?.[0]?.physicalLocation;
    const path = pathOf(place?.artifactLocation, run, root);
    if (path === null) return [];
    const rule = ruleOf(result, run);
    const id = result.ruleId ?? result.rule?.id ?? rule?.id ?? "result";
    const severity = severityOf(result, rule);
    if (severity === null) return [];
    const line = lineOf(place?.region?.startLine, 1);
    const last = lineOf(place?.region?.endLine, line);
    // It ends before the first character of its last line.
    const endLine = Math.max(line, last > line && place?.region?.endColumn === 1 ? last - 1 : last);
    return [
      {
        rule: `${source}/${id.slice(0, 200)}`,
        severity,
        category: categoryOf(result, rule, id, severity),
        path,
        line,
        endLine,
        side: "new" as const,
        message: messageOf(result.message, rule) || id,
        why:
          plain(rule?.fullDescription ?? rule?.shortDescription) ||
          plain(rule?.help) ||
          `${run.tool.driver.name.slice(0, 100)} says so (${id.slice(0, 200)}).`,
        suggestion: suggestionOf(result, path, line, endLine, run, root),
        source,
        confidence: confidenceOf(rule),
      },
    ];
  });
}

/** About a whole file, tools write 0 or nothing. */
function lineOf(given: number | undefined, otherwise: number): number {
  return given !== undefined && Number.isInteger(given) && given >= 1 ? given : otherwise;
}

/** Suppressed by the tool, gone since its baseline, or no failure at all. */
function isLeftOut(result: SarifResult): boolean {
  const isSuppressed = result.suppressions?.some(
    ({ status }) => status === undefined || status === "accepted",
  );
  return isSuppressed === true || result.baselineState === "absent" || (result.kind ?? "fail") !== "fail";
}

function ruleOf(result: SarifResult, run: SarifRun): SarifRule | undefined {
  const { driver, extensions = [] } = run.tool;
  const component = result.rule?.toolComponent?.index;
  const rules = (component === undefined ? driver : (extensions[component] ?? driver)).rules ?? [];
  const index = result.rule?.index ?? result.ruleIndex;
  const id = result.ruleId ?? result.rule?.id;
  const byIndex = index === undefined ? undefined : rules[index];
  if (byIndex !== undefined) return byIndex;
  for (const { rules: own = [] } of [driver, ...extensions]) {
    // `id/part` is a part of the rule `id`.
    const rule =
      own.find((candidate) => candidate.id === id) ??
      own.find((candidate) => id?.startsWith(`${candidate.id}/`));
    if (rule !== undefined) return rule;
  }
  return undefined;
}

function severityOf(result: SarifResult, rule: SarifRule | undefined): Severity | null {
  const score = Number(result.properties?.["security-severity"] ?? rule?.properties?.["security-severity"]);
  if (Number.isFinite(score) && score > 0) return score >= 7 ? "error" : score >= 4 ? "warning" : "info";
  const level = result.level ?? rule?.defaultConfiguration?.level;
  const rank = result.rank ?? rule?.defaultConfiguration?.rank;
  if (level === undefined && rank !== undefined && rank >= 0)
    return rank >= 80 ? "error" : rank >= 40 ? "warning" : "info";
  switch (level) {
    case "error":
      return "error";
    case "note":
      return "info";
    case "none":
      return null;
    default:
      return "warning";
  }
}

const categoryWords: readonly (readonly [RegExp, FindingCategory])[] = [
  [/secret|credential|hard-?coded/i, "secret"],
  [/vulnerab|dependenc|supply.?chain|\bCVE-|\bGHSA-/i, "dependency"],
  [/licen[cs]e/i, "licence"],
  [/secur|\bcwe|injection|xss|owasp|crypto/i, "security"],
  [/performance|efficiency/i, "performance"],
  [/correctness|reliability|\bbugs?\b|error.?prone|problem/i, "bug"],
  [/\btest/i, "test"],
  [/documentation|\bdocs?\b/i, "documentation"],
  [/style|layout|format|convention|naming/i, "style"],
  [/maintain|readab|complexity|best.?practice|suggestion/i, "maintenance"],
];

function categoryOf(
  result: SarifResult,
  rule: SarifRule | undefined,
  id: string,
  severity: Severity,
): FindingCategory {
  const properties = { ...rule?.properties, ...result.properties };
  const { tags, category } = properties;
  const words = [...(Array.isArray(tags) ? tags : []), category, id]
    .filter((word) => typeof word === "string")
    .join(" ");
  for (const [pattern, meant] of categoryWords) if (pattern.test(words)) return meant;
  return severity === "error" ? "bug" : "maintenance";
}

function confidenceOf(rule: SarifRule | undefined): "high" | "medium" | "low" {
  const precision = rule?.properties?.["precision"] ?? rule?.properties?.["confidence"];
  if (typeof precision !== "string") return "medium";
  return /high/i.test(precision) ? "high" : /low/i.test(precision) ? "low" : "medium";
}

function messageOf(message: SarifMessage, rule: SarifRule | undefined): string {
  const template =
    message.text ?? (message.id === undefined ? undefined : rule?.messageStrings?.[message.id]?.text);
  if (template === undefined) return plain(message);
  const filled = template.replace(
    /\{(\d{1,3})\}/g,
    (whole, index: string) => message.arguments?.[Number(index)] ?? whole,
  );
  return plain({ text: filled });
}

/** On one line, and with only the words of links to other places of the log. */
function plain(message: SarifMessage | undefined): string {
  return (message?.text ?? message?.markdown ?? "")
    .replace(/\[([^[\]]{1,300})\]\(\d{1,6}\)/g, "$1")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, maxText);
}

/** Only a fix that replaces exactly the lines of the finding can be shown without the file. */
function suggestionOf(
  result: SarifResult,
  path: string,
  line: number,
  endLine: number,
  run: SarifRun,
  root: string | null,
): string | null {
  const changes = result.fixes?.[0]?.artifactChanges ?? [];
  const [change] = changes;
  if (change === undefined || changes.length !== 1 || change.replacements.length !== 1) return null;
  if (pathOf(change.artifactLocation, run, root) !== path) return null;
  const { deletedRegion, insertedContent } = change.replacements[0]!;
  const { startLine, startColumn = 1, endColumn } = deletedRegion;
  const last = deletedRegion.endLine ?? startLine;
  if (startLine !== line || startColumn !== 1 || insertedContent?.text === undefined || last === undefined)
    return null;
  if (endColumn === undefined && last === endLine) return insertedContent.text;
  const isWholeLines = endColumn === 1 && last === endLine + 1 && insertedContent.text.endsWith("\n");
  return isWholeLines ? insertedContent.text.replace(/\r?\n$/, "") : null;
}

function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 40);
  return slug === "" ? "sarif" : slug;
}
