import { z } from "zod";
import { readPrompt } from "../../../core/llm/prompt.ts";
import { type ChangeUnit, formatUnit, identifyUnit } from "./change-unit.ts";
import { confidences, type Fault } from "./faults.ts";
import { fenceBlock } from "./fence.ts";
import type { LocatedQuote } from "./locate-quote.ts";
import type { ModelMemory } from "./model-memory.ts";
import { type Budget, createQuestionKind, promptTokens } from "./prompt-budget.ts";
import type { NoAnswer, Questions } from "./questions.ts";
import { showText } from "./shown-text.ts";

const verdictSchema = z.object({
  reason: z
    .string()
    .transform((text) => text.slice(0, 1_000))
    .catch(""),
  isReal: z.boolean(),
  confidence: z.enum(confidences).catch("low"),
});
export type Verdict = z.output<typeof verdictSchema>;

/** The claim is what another model wrote: bounded as everything is. */
const claimTokens = 300;
/** Of what a small window has room for. */
const claimShare = 0.15;
/** Lines on each side of the place, if there is no room for all of the hunk. */
const steps = [Infinity, 60, 30, 15, 8, 4, 1];

/** Has a claim looked at a second time, by somebody who is told to doubt it. */
export async function checkFault(
  fault: Fault,
  located: LocatedQuote,
  unit: ChangeUnit,
  given: { readonly budget: Budget; readonly secrets: readonly string[] },
  memory: ModelMemory,
  questions: Questions,
): Promise<{ readonly kind: "verdict"; readonly verdict: Verdict } | NoAnswer> {
  const { budget, secrets } = given;
  const kind = createQuestionKind(readPrompt(new URL("./prompts/check.md", import.meta.url)), verdictSchema);
  const key = memory.keyOf([
    "check",
    kind.system,
    kind.form.instruction,
    formatQuestion({ ...unit, lines: [] }, 1, ""),
    identifyUnit(unit),
    located.lines,
    { ...fault, line: null },
  ]);
  const kept = memory.recall(key, verdictSchema);
  if (kept !== null) return { kind: "verdict", verdict: kept };
  const said = [
    fault.message,
    fault.why,
    ...(fault.suggestion === null ? [] : ["Instead:", fault.suggestion]),
  ];
  const claim = showText(
    said.join("\n"),
    Math.min(claimTokens, Math.floor(budget.promptTokens * claimShare)),
    secrets,
  );
  for (const step of steps) {
    const lines = around(unit, located, step);
    const user = formatQuestion({ ...unit, lines }, located.line, claim);
    if (promptTokens(kind, user, secrets) > budget.promptTokens) continue;
    const reply = await questions.ask(kind, user, budget);
    if (reply.kind !== "answer") return reply;
    memory.keep(key, reply.object);
    return { kind: "verdict", verdict: reply.object };
  }
  return { kind: "failed", message: "The model's context window has no room for the question." };
}

function formatQuestion(unit: ChangeUnit, line: number, claim: string): string {
  return readPrompt(new URL("./prompts/check-question.md", import.meta.url), {
    code: formatUnit(unit),
    line: String(line),
    claim: fenceBlock("Claim", claim),
  });
}

function around({ lines }: ChangeUnit, { line, endLine }: LocatedQuote, step: number): ChangeUnit["lines"] {
  const first = lines.findIndex((one) => one.line === line);
  const last = lines.findIndex((one) => one.line === endLine);
  return lines.slice(Math.max(0, first - step), last + 1 + step);
}
