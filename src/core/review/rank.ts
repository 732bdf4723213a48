import type { Finding } from "../../contracts/finding.ts";

const severityOrder = { error: 0, warning: 1, info: 2 } as const;
const confidenceOrder = { high: 0, medium: 1, low: 2 } as const;
const categoryOrder: readonly Finding["category"][] = [
  "secret",
  "security",
  "bug",
  "licence",
  "dependency",
  "test",
  "performance",
  "maintenance",
  "documentation",
  "style",
];

/** The most important first; equal ones by place, so that the same findings always stand in the same order. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    severityOrder[a.severity] - severityOrder[b.severity] ||
    confidenceOrder[a.confidence] - confidenceOrder[b.confidence] ||
    categoryOrder.indexOf(a.category) - categoryOrder.indexOf(b.category) ||
    compareTexts(a.path, b.path) ||
    a.line - b.line ||
    compareTexts(a.rule, b.rule)
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Of findings in order, those that say what an earlier one says: two tools about the same lines in the same respect. */
export function findDuplicates(ranked: readonly Finding[]): ReadonlySet<Finding> {
  const duplicates = new Set<Finding>();
  const byPath = new Map<string, Finding[]>();
  for (const finding of ranked) {
    const earlier = byPath.get(finding.path) ?? [];
    const isSaid = earlier.some(
      (other) =>
        other.side === finding.side &&
        (other.fingerprint === finding.fingerprint ||
          (other.source !== finding.source &&
            other.category === finding.category &&
            other.line <= finding.endLine &&
            finding.line <= other.endLine)),
    );
    if (isSaid) duplicates.add(finding);
    else byPath.set(finding.path, [...earlier, finding]);
  }
  return duplicates;
}

/** Of findings in order, those that are too many: of one rule, and in all. */
export function findSurplus(
  ranked: readonly Finding[],
  limits: { readonly maxFindings: number; readonly maxPerRule: number },
): ReadonlySet<Finding> {
  const perRule = new Map<string, number>();
  const surplus = new Set<Finding>();
  let shown = 0;
  for (const finding of ranked) {
    const count = (perRule.get(finding.rule) ?? 0) + 1;
    perRule.set(finding.rule, count);
    if (shown >= limits.maxFindings || count > limits.maxPerRule) surplus.add(finding);
    else shown++;
  }
  return surplus;
}
