import { type AnswerForm, createAnswerForm } from "../../../core/llm/structured.ts";
import { estimateTokens } from "../../../core/llm/estimate-tokens.ts";
import { redactSecrets } from "../../../core/llm/redact.ts";
import type { z } from "zod";

/** For a model whose window nobody knows. */
const smallWindow = 8_192;
/** Of a small window the answer gets so much. */
const outputShare = 0.2;
/** What a second try after an answer of the wrong form takes beside that answer. */
const repairTokens = 450;
/** A second try is given room if it leaves this much of the window for the prompt. */
const leastShareBesideRepair = 0.5;

export interface Budget {
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** One kind of question: always the same words, so that what it costs without data is known. */
export interface QuestionKind<T> {
  readonly system: string;
  readonly schema: z.ZodType<T>;
  readonly form: AnswerForm<T>;
}

export function createQuestionKind<T>(system: string, schema: z.ZodType<T>): QuestionKind<T> {
  return { system, schema, form: createAnswerForm(schema) };
}

/** What a prompt and its answer may come to; `window` null: unknown. */
export function budgetOf(
  window: number | null,
  most: { readonly promptTokens: number; readonly outputTokens: number },
): Budget {
  const size = window ?? smallWindow;
  const outputTokens = Math.min(most.outputTokens, Math.floor(size * outputShare));
  const besideRepair = size - 2 * outputTokens - repairTokens;
  const room = besideRepair >= size * leastShareBesideRepair ? besideRepair : size - outputTokens;
  return { promptTokens: Math.min(most.promptTokens, room), outputTokens };
}

/** Tokens of a prompt as the gateway counts them before it sends anything. */
export function promptTokens(
  { system, form }: QuestionKind<unknown>,
  user: string,
  secrets: readonly string[],
): number {
  const { texts } = redactSecrets([system, user], secrets);
  return estimateTokens([`${texts[0]!}\n\n${form.instruction}`, texts[1]!]);
}
