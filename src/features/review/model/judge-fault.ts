import { type Finding, type RawFinding, severities } from "../../../contracts/finding.ts";
import type { Verdict } from "./check-fault.ts";
import { confidences, type Fault } from "./faults.ts";
import type { LocatedQuote } from "./locate-quote.ts";
import { cleanSuggestion, cleanWords } from "./model-text.ts";

const mostMessageLetters = 300;
const mostWhyLetters = 500;
/** Words that two findings must share, of those of the shorter one, to say the same. */
const sameShare = 0.5;
const leastWord = 4;
/** What blocks a merge must be one of these. */
const grave: ReadonlySet<string> = new Set(["bug", "security"]);

/** A fault as a finding, before anybody looked at it again; null when it says nothing. */
export function toFinding(fault: Fault, path: string, located: LocatedQuote): RawFinding | null {
  const message = cleanWords(fault.message, mostMessageLetters);
  if (!/[\p{L}\p{N}]/u.test(message)) return null;
  const { line, endLine, isExact, lines } = located;
  const mayBlock = grave.has(fault.category) && fault.confidence === "high";
  return {
    rule: `model/${fault.category}`,
    severity: fault.severity === "error" && !mayBlock ? "warning" : fault.severity,
    category: fault.category,
    path,
    line,
    endLine,
    side: "new",
    message,
    why: cleanWords(fault.why, mostWhyLetters),
    suggestion: isExact && fault.suggestion !== null ? cleanSuggestion(fault.suggestion, lines) : null,
    source: "model",
    confidence: fault.confidence,
  };
}

/** What is left of a finding after the second look; null when it was doubted. */
export function applyVerdict(finding: RawFinding, verdict: Verdict): RawFinding | null {
  if (!verdict.isReal || verdict.confidence === "low") return null;
  const isSure = finding.confidence === "high" && verdict.confidence === "high";
  return {
    ...finding,
    severity: finding.severity === "error" && !isSure ? "warning" : finding.severity,
    confidence:
      confidences[
        Math.max(confidences.indexOf(finding.confidence), confidences.indexOf(verdict.confidence))
      ]!,
  };
}

/** The worst first; equal ones by place, so that the same answers always lead to the same review. */
export function compareRaw(a: RawFinding, b: RawFinding): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    confidences.indexOf(a.confidence) - confidences.indexOf(b.confidence) ||
    Number(b.category === "security") - Number(a.category === "security") ||
    Number(b.category === "bug") - Number(a.category === "bug") ||
    (a.path < b.path ? -1 : a.path > b.path ? 1 : 0) ||
    a.line - b.line
  );
}

/** Whether one is about the lines of the other, and of the same kind or in the same words. */
export function saysTheSame(a: RawFinding, b: RawFinding | Finding): boolean {
  if (a.path !== b.path || a.side !== b.side || a.line > b.endLine || b.line > a.endLine) return false;
  return familyOf(a.category) === familyOf(b.category) || shareOfWords(a.message, b.message) >= sameShare;
}

function familyOf(category: Finding["category"]): string {
  return category === "secret" ? "security" : category;
}

function shareOfWords(one: string, other: string): number {
  const [a, b] = [wordsOf(one), wordsOf(other)];
  const least = Math.min(a.size, b.size);
  return least === 0 ? 0 : [...a].filter((word) => b.has(word)).length / least;
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(
    (text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []).filter((word) => word.length >= leastWord),
  );
}
