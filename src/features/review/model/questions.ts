import { errorTable, isAppError } from "../../../base/errors.ts";
import type { ModelAnswer, ModelGateway } from "../../../contracts/model-gateway.ts";
import type { ModelPart } from "../../../contracts/review.ts";
import { cleanWords } from "./model-text.ts";
import type { Budget, QuestionKind } from "./prompt-budget.ts";

/** Why there is no answer. `away`: it may come when it is asked for later. */
export interface NoAnswer {
  readonly kind: "away" | "failed";
  readonly message: string;
}

export type Reply<T> = { readonly kind: "answer"; readonly object: T; readonly model: string } | NoAnswer;

export interface Questions {
  ask<T>(kind: QuestionKind<T>, user: string, budget: Budget): Promise<Reply<T>>;
  /** Set as soon as no further question can be answered: then nobody is asked any more. */
  stopped(): NoAnswer | null;
  /** Questions that got no answer. */
  unanswered(): number;
  spent(): Pick<ModelPart, "name" | "calls" | "inputTokens" | "outputTokens" | "costUsd">;
}

const mostNameLetters = 200;
/** After these another question to the same models may well be answered. */
const ofOneQuestion: ReadonlySet<string> = new Set([
  "model-output-invalid",
  "model-refused",
  "model-context-exceeded",
]);
/** What a model's failure never is. */
const passedOn: ReadonlySet<string> = new Set(["cancelled", "internal", "model-calls-at-server"]);
/** Kinds of failures (core/llm) after which nothing can have been charged. */
const freeKinds: ReadonlySet<unknown> = new Set([
  "unreachable",
  "overloaded",
  "quota",
  "key",
  "unknown-model",
  "overflow",
  "rejected",
]);

/** Asks models about one review, and keeps the sum of what it took. */
export function createQuestions(
  models: ModelGateway,
  asking: { readonly model: string | undefined; readonly jobId: string | null; readonly signal: AbortSignal },
): Questions {
  let stop: NoAnswer | null = null;
  let name: string | null = null;
  let unanswered = 0;
  let calls = 0;
  let inputTokens: number | null = 0;
  let outputTokens: number | null = 0;
  let costUsd: number | null = 0;

  function count(answer: ModelAnswer): void {
    const { usage } = answer;
    calls += answer.calls;
    inputTokens = add(
      inputTokens,
      add(usage.inputTokens, add(usage.cacheReadTokens, usage.cacheWriteTokens)),
    );
    outputTokens = add(outputTokens, usage.outputTokens);
    costUsd = add(costUsd, answer.costUsd);
  }

  return {
    async ask(kind, user, budget) {
      if (stop !== null) {
        unanswered++;
        return stop;
      }
      try {
        const answer = await models.generate(
          {
            task: "review",
            system: kind.system,
            messages: [{ role: "user", text: user }],
            maxOutputTokens: budget.outputTokens,
            temperature: 0,
            schema: kind.schema,
          },
          { signal: asking.signal, jobId: asking.jobId, modelOverride: asking.model },
        );
        count(answer);
        // What a provider calls its model is told by the provider.
        const model = cleanWords(`${answer.provider}/${answer.answeredBy ?? answer.model}`, mostNameLetters);
        name ??= model;
        return { kind: "answer", object: answer.object, model };
      } catch (error) {
        const noAnswer = explainFailure(error);
        unanswered++;
        if (mayHaveCost(error)) inputTokens = outputTokens = costUsd = null;
        if (!isAppError(error) || !ofOneQuestion.has(error.code)) stop = noAnswer;
        return noAnswer;
      }
    },
    stopped: () => stop,
    unanswered: () => unanswered,
    spent: () => ({ name, calls, inputTokens, outputTokens, costUsd }),
  };
}

/** What a failure means for the review. Throws again what is no failure of a model. */
export function explainFailure(error: unknown): NoAnswer {
  if (!isAppError(error) || passedOn.has(error.code)) throw error;
  const { code, message } = error;
  const isPassing = errorTable[code].retry && code !== "model-output-invalid";
  if (isPassing || code === "model-budget-spent") return { kind: "away", message };
  if (!code.startsWith("model-")) throw error;
  return { kind: "failed", message };
}

function mayHaveCost(error: unknown): boolean {
  const failures = isAppError(error) ? error.details["failures"] : undefined;
  return (
    Array.isArray(failures) && failures.some(({ kind }: { readonly kind: unknown }) => !freeKinds.has(kind))
  );
}

function add(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other;
}
