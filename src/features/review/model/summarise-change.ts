import { z } from "zod";
import { formatCount } from "../../../base/text.ts";
import type { ModelPart } from "../../../contracts/review.ts";
import type { ReviewedChange, ReviewedFile } from "../../../contracts/review-rule.ts";
import { readPrompt } from "../../../core/llm/prompt.ts";
import { condenseChange } from "./condense-change.ts";
import { fenceBlock } from "./fence.ts";
import type { ModelMemory } from "./model-memory.ts";
import { cleanWords } from "./model-text.ts";
import { type Budget, createQuestionKind, promptTokens } from "./prompt-budget.ts";
import type { NoAnswer, Questions } from "./questions.ts";
import { showText } from "./shown-text.ts";

export const mostWalkthroughFiles = 20;
export const mostSummaryLetters = 1_200;
const mostSentenceLetters = 240;
/** Of the author's words. */
const titleTokens = 80;
const bodyTokens = 600;
const bodyShare = 0.15;
/** With less there is nothing to be described. */
const fewestTokens = 60;

const summarySchema = z.object({
  summary: z.string().transform((text) => text.slice(0, mostSummaryLetters * 2)),
  files: z
    .array(
      z.object({
        path: z.string().transform((text) => text.slice(0, 4_000)),
        text: z.string().transform((text) => text.slice(0, mostSentenceLetters * 2)),
      }),
    )
    .catch([])
    .transform((all) => all.slice(0, mostWalkthroughFiles * 2)),
});
const keptSchema = z.object({ model: z.string(), answer: summarySchema });

export type Summary = Pick<ModelPart, "summary" | "walkthrough"> & { readonly model: string };

export interface SummaryRequest {
  readonly change: ReviewedChange;
  readonly readable: readonly ReviewedFile[];
  readonly title: string | null;
  readonly body: string | null;
  readonly budget: Budget;
  readonly secrets: readonly string[];
}

/** What a change does, in a few sentences and one for each file. What its author wrote about it is shown to this question alone. */
export async function summariseChange(
  request: SummaryRequest,
  memory: ModelMemory,
  questions: Questions,
): Promise<{ readonly kind: "summary"; readonly summary: Summary } | NoAnswer> {
  const kind = createQuestionKind(
    readPrompt(new URL("./prompts/summary.md", import.meta.url), { most: String(mostWalkthroughFiles) }),
    summarySchema,
  );
  const user = fill(request, (text) => promptTokens(kind, text, request.secrets));
  if (user === null)
    return { kind: "failed", message: "The model's context window has no room for the change." };
  const key = memory.keyOf(["summary", kind.system, kind.form.instruction, user]);
  const kept = memory.recall(key, keptSchema);
  if (kept !== null) return { kind: "summary", summary: toSummary(kept.answer, kept.model, request.change) };
  const reply = await questions.ask(kind, user, request.budget);
  if (reply.kind !== "answer") return reply;
  memory.keep(key, { model: reply.model, answer: reply.object });
  return { kind: "summary", summary: toSummary(reply.object, reply.model, request.change) };
}

/** As much of the change as there is room for; null when that is next to nothing. */
function fill(request: SummaryRequest, measure: (user: string) => number): string | null {
  const { change, secrets, budget } = request;
  const readable = new Set(request.readable);
  const words = [
    request.title === null ? "" : showText(request.title.replaceAll(/\s+/g, " "), titleTokens, secrets),
    request.body === null
      ? ""
      : showText(request.body, Math.min(bodyTokens, Math.floor(budget.promptTokens * bodyShare)), secrets),
  ].filter((text) => text.trim() !== "");
  for (const all of words.length === 0 ? [[]] : [words, []]) {
    const said = all.length === 0 ? "" : sayAuthor(all.join("\n\n"));
    const format = (files: string): string =>
      readPrompt(new URL("./prompts/summary-question.md", import.meta.url), {
        said,
        count: `${formatCount(change.files.length)} ${change.files.length === 1 ? "file" : "files"}`,
        files: fenceBlock("Files", files),
      });
    let room = budget.promptTokens - measure(format(""));
    while (room >= fewestTokens) {
      const user = format(condenseChange(change.files, readable, room, secrets));
      if (measure(user) <= budget.promptTokens) return user;
      // A long fence, or more that was redacted.
      room = Math.floor(room * 0.9) - 10;
    }
  }
  return null;
}

function sayAuthor(text: string): string {
  return `${readPrompt(new URL("./prompts/said.md", import.meta.url), { text: fenceBlock("Title and text", text) })}\n\n`;
}

function toSummary(answer: z.output<typeof summarySchema>, model: string, change: ReviewedChange): Summary {
  const walkthrough = new Map<string, string>();
  for (const { path, text } of answer.files) {
    const file = change.files.find((one) => one.path === path.trim());
    const words = cleanWords(text, mostSentenceLetters);
    if (file !== undefined && words !== "" && !walkthrough.has(file.path)) walkthrough.set(file.path, words);
  }
  const summary = cleanWords(answer.summary, mostSummaryLetters);
  return {
    model,
    summary: summary === "" ? null : summary,
    walkthrough: [...walkthrough].slice(0, mostWalkthroughFiles).map(([path, text]) => ({ path, text })),
  };
}
