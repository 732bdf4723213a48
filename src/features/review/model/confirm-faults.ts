import type { Finding, RawFinding } from "../../../contracts/finding.ts";
import { checkFault } from "./check-fault.ts";
import type { FoundFault } from "./find-faults.ts";
import { applyVerdict, compareRaw, saysTheSame, toFinding } from "./judge-fault.ts";
import type { ModelMemory } from "./model-memory.ts";
import type { Budget } from "./prompt-budget.ts";
import type { Questions } from "./questions.ts";

/** Second looks for each finding that may be shown: a model that claims a lot does not cost a lot. */
const looksPerFinding = 3;

export interface Confirmed {
  /** At most as many as are wanted, the worst first. */
  readonly findings: readonly RawFinding[];
  readonly dropped: number;
}

/** Keeps what is about code that exists, is not said already, and stands a second look. */
export async function confirmFaults(
  found: readonly FoundFault[],
  given: {
    readonly known: readonly Finding[];
    readonly maxFindings: number;
    readonly budget: Budget;
    readonly secrets: readonly string[];
  },
  memory: ModelMemory,
  questions: Questions,
): Promise<Confirmed> {
  const candidates = found
    .flatMap((one) => {
      const finding = one.located === null ? null : toFinding(one.fault, one.unit.path, one.located);
      return finding === null ? [] : [{ ...one, located: one.located!, finding }];
    })
    .toSorted((a, b) => compareRaw(a.finding, b.finding));
  const shown: RawFinding[] = [];
  let looks = 0;
  let unasked = 0;
  for (const { fault, unit, located, finding } of candidates) {
    if (shown.length >= given.maxFindings || looks >= given.maxFindings * looksPerFinding) break;
    if ([...given.known, ...shown].some((other) => saysTheSame(finding, other))) continue;
    looks++;
    const outcome = await checkFault(fault, located, unit, given, memory, questions);
    if (outcome.kind === "verdict") {
      const confirmed = applyVerdict(finding, outcome.verdict);
      if (confirmed !== null) shown.push(confirmed);
    } else if (outcome.kind === "away") unasked++;
  }
  return { findings: shown.toSorted(compareRaw), dropped: found.length - shown.length - unasked };
}
