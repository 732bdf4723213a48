import type { Finding } from "../../../contracts/finding.ts";
import type { ReviewResult } from "../../../contracts/review.ts";
import type { RuleDefinition } from "../../../contracts/review-rule.ts";

const levels = { error: "error", warning: "warning", info: "note" } as const;
/** As GitHub's code scanning sorts: from 7.0 high, from 4.0 medium. */
const securityScores = { error: "8.0", warning: "5.5", info: "3.0" } as const;
const rootId = "%SRCROOT%";

/** What a rule says of itself; a finding speaks about its own place. */
type DescribedRule = Pick<RuleDefinition, "id" | "title" | "docs" | "severity">;

/** A review as SARIF 2.1.0, in the part of it that GitHub's code scanning reads. `rules`: those that can describe themselves. */
export function writeSarif(
  review: ReviewResult,
  version: string,
  rules: readonly DescribedRule[] = [],
): string {
  const described = new Map(rules.map((rule) => [rule.id, rule]));
  const suppressed = review.suppressed.filter(({ by }) => by !== "duplicate");
  const all = [...review.findings, ...suppressed.map(({ finding }) => finding)];
  const ruleIds = [...new Set(all.map(({ rule }) => rule))].sort();
  const ruleIndex = new Map(ruleIds.map((id, index) => [id, index]));
  const results = [
    ...review.findings.map((finding) => toResult(finding, ruleIndex)),
    ...suppressed.map(({ finding, by, reason }) => ({
      ...toResult(finding, ruleIndex),
      // What there was no room for is not settled.
      ...(by === "cap"
        ? {}
        : {
            suppressions: [
              {
                kind: by === "comment" ? "inSource" : "external",
                justification: reason ?? `Suppressed by a ${by}.`,
              },
            ],
          }),
    })),
  ];
  const failed = review.passes.filter(({ state }) => state === "failed");
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Repowright",
            version,
            rules: ruleIds.map((id) =>
              toRule(
                id,
                all.find(({ rule }) => rule === id)!,
                described.get(id),
              ),
            ),
          },
        },
        automationDetails: { id: "repowright/review/" },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { [rootId]: { description: { text: "The top of the repository." } } },
        invocations: [
          {
            executionSuccessful: failed.length === 0,
            toolExecutionNotifications: failed.map(({ id, message }) => ({
              level: "error",
              message: { text: `${id}: ${message ?? "failed"}` },
            })),
          },
        ],
        results,
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function toRule(id: string, sample: Finding, rule: DescribedRule | undefined): object {
  const isSecurity = sample.category === "security" || sample.category === "secret";
  return {
    id,
    // It is the title of every alert of the rule, so it must not name one place.
    shortDescription: { text: rule?.title ?? id },
    fullDescription: { text: rule?.docs ?? sentence(sample.why || sample.message) },
    help: { text: rule?.docs ?? sentence(sample.why || sample.message) },
    defaultConfiguration: { level: levels[rule?.severity ?? sample.severity] },
    properties: {
      tags: [sample.category, ...(isSecurity && sample.category !== "security" ? ["security"] : [])],
      precision: sample.confidence,
      "problem.severity": sample.severity === "info" ? "recommendation" : sample.severity,
      ...(isSecurity ? { "security-severity": securityScores[sample.severity] } : {}),
    },
  };
}

function toResult(finding: Finding, ruleIndex: ReadonlyMap<string, number>): object {
  const artifactLocation = { uri: encodePath(finding.path), uriBaseId: rootId };
  const region = { startLine: finding.line, endLine: finding.endLine };
  // Lines that were removed are in no file that anyone can show.
  const isThere = finding.side === "new";
  return {
    ruleId: finding.rule,
    ruleIndex: ruleIndex.get(finding.rule)!,
    level: levels[finding.severity],
    message: {
      text: finding.why === "" ? finding.message : `${sentence(finding.message)} ${sentence(finding.why)}`,
    },
    locations: [{ physicalLocation: { artifactLocation, ...(isThere ? { region } : {}) } }],
    partialFingerprints: { "repowright/v1": finding.fingerprint },
    ...(finding.suggestion === null || !isThere
      ? {}
      : {
          fixes: [
            {
              description: { text: "Replace these lines." },
              artifactChanges: [
                {
                  artifactLocation,
                  replacements: [{ deletedRegion: region, insertedContent: { text: finding.suggestion } }],
                },
              ],
            },
          ],
        }),
    properties: { source: finding.source, confidence: finding.confidence, side: finding.side },
  };
}

function encodePath(path: string): string {
  return path
    .toWellFormed()
    .split("/")
    .map((part) => encodeURIComponent(part))
    .join("/");
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === "" || /[.!?:)`]$/.test(trimmed) ? trimmed || "No description." : `${trimmed}.`;
}
