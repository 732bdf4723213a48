import { AppError } from "../../base/errors.ts";
import type { TokenUsage } from "../../contracts/model-call.ts";
import type { ModelCallOptions, ModelTask } from "../../contracts/model-gateway.ts";
import type { Candidate } from "./connections.ts";
import type { GatewayPorts } from "./gateway-ports.ts";
import type { Question } from "./place-call.ts";

export function beginQuestion(
  ports: GatewayPorts,
  task: ModelTask,
  redactions: number,
  options: ModelCallOptions,
): Question {
  if (options.signal.aborted) throw new AppError("cancelled", "Cancelled.", {}, options.signal.reason);
  if (redactions > 0) ports.log.info("secrets were taken out of a prompt", { task, count: redactions });
  return {
    id: ports.createId(),
    task,
    jobId: options.jobId ?? null,
    redactions,
    signal: options.signal,
    startedAt: performance.now(),
    patienceMs: ports.config["llm.patience"],
    spent: [],
    answeredBy: null,
  };
}

/** What the question came to, for whoever asked it. */
export function sumUp(question: Question, { model }: Candidate, isCached: boolean) {
  const sum = (pick: (one: Question["spent"][number]) => number | null): number | null =>
    question.spent.reduce<number | null>((total, one) => {
      const value = pick(one);
      return total === null || value === null ? null : total + value;
    }, 0);
  return {
    provider: model.provider,
    model: model.name,
    answeredBy: question.answeredBy,
    usage: {
      inputTokens: sum(({ usage }) => usage.inputTokens),
      cacheReadTokens: sum(({ usage }) => usage.cacheReadTokens),
      cacheWriteTokens: sum(({ usage }) => usage.cacheWriteTokens),
      outputTokens: sum(({ usage }) => usage.outputTokens),
    } satisfies TokenUsage,
    costUsd: sum(({ costUsd }) => costUsd),
    durationMs: Math.round(performance.now() - question.startedAt),
    calls: question.spent.length,
    isCached,
    redactions: question.redactions,
  };
}

/** An answer that cost nothing has its line too. */
export async function recordCached(
  ports: GatewayPorts,
  question: Question,
  { model }: Candidate,
  answeredBy: string | null,
): Promise<void> {
  try {
    const ledger = await ports.ledger();
    await ledger.finish(
      {
        id: ports.createId(),
        questionId: question.id,
        traceId: ports.tracing.current()?.traceId ?? null,
        jobId: question.jobId,
        task: question.task,
        purpose: "first",
        provider: model.provider,
        model: model.name,
        redactions: question.redactions,
        reservedTokens: 0,
        reservedUsd: 0,
        timeoutMs: 0,
        limits: {
          concurrency: 1,
          requestsPerMinute: null,
          budgets: { jobUsd: 0, dayUsd: 0, jobTokens: 0, dayTokens: 0 },
        },
      },
      {
        outcome: "cached",
        answeredBy,
        code: null,
        httpStatus: null,
        inputTokens: 0,
        cacheReadTokens: 0,
        cacheWriteTokens: 0,
        outputTokens: 0,
        costUsd: 0,
        durationMs: 0,
        coolDownMs: null,
      },
    );
  } catch (error) {
    ports.log.warn("an answer from the cache was not written to the ledger", { error });
  }
}
