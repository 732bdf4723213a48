import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../../base/errors.ts";
import type { Config } from "../../config/schema.ts";
import type { CallEnd, CallLedger, CallPurpose, NewCall, TokenUsage } from "../../contracts/model-call.ts";
import type { ModelTask } from "../../contracts/model-gateway.ts";
import { cancelled, unknownUsage } from "./call-model.ts";
import type { Candidate } from "./connections.ts";
import { decideOnFailure, type Decision } from "./decide.ts";
import { failureCodes, ModelFailure, toFailure, type Failure } from "./failure.ts";
import type { GatewayPorts } from "./gateway-ports.ts";
import { redactSecrets } from "./redact.ts";

/** Beyond the call's own time: an end that is written late is still an end. */
const writingMs = 30_000;
const noTokens: TokenUsage = { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0 };

/** One question of a caller, whatever number of calls it takes. */
export interface Question {
  readonly id: string;
  readonly task: ModelTask;
  readonly jobId: string | null;
  readonly redactions: number;
  readonly signal: AbortSignal;
  readonly startedAt: number;
  /** What is left to wait for busy models. */
  patienceMs: number;
  /** What its calls came to so far. */
  readonly spent: { readonly usage: TokenUsage; readonly costUsd: number | null }[];
  /** The provider's name of the model that answered last. */
  answeredBy: string | null;
}

export interface Ended {
  readonly outcome: "answered" | "truncated" | "refused";
  readonly code: CallEnd["code"];
  readonly usage: TokenUsage;
  readonly answeredBy: string | null;
  readonly costUsd: number | null;
}

export type CallOutcomeOf<R> =
  | { readonly kind: "answer"; readonly value: R }
  | { readonly kind: "failed"; readonly failure: Failure; readonly decision: Decision }
  | { readonly kind: "cooling"; readonly waitMs: number };

export interface CallPlan<R extends Ended> {
  readonly candidate: Candidate;
  readonly purpose: CallPurpose;
  readonly reservedTokens: number;
  readonly reservedUsd: number | null;
  readonly priceOf: (usage: TokenUsage) => number | null;
  readonly run: () => Promise<R>;
}

/**
 * Makes one call as the ledger wants it: asked for before, waited for while the provider is busy, and its end written
 * whatever it was. @throws AppError `model-budget-spent`, and those of the ledger
 */
export async function placeCall<R extends Ended>(
  ports: GatewayPorts,
  question: Question,
  plan: CallPlan<R>,
): Promise<CallOutcomeOf<R>> {
  const ledger = await ports.ledger();
  const call = toCall(ports, question, plan);
  const refusal = await waitForPlace(ledger, call, question);
  if (refusal) return refusal;
  const startedAt = performance.now();
  const end = async (facts: Omit<CallEnd, "durationMs">): Promise<void> => {
    question.spent.push({ usage: facts, costUsd: facts.costUsd });
    await writeEnd(ports, ledger, call, { ...facts, durationMs: performance.now() - startedAt });
  };
  try {
    const value = await ports.tracing.span(
      "model call",
      { attributes: { "gen_ai.provider.name": call.provider, "gen_ai.request.model": call.model } },
      plan.run,
    );
    question.answeredBy = value.answeredBy;
    await end({ ...value.usage, ...pick(value), httpStatus: 200, coolDownMs: null });
    return { kind: "answer", value };
  } catch (error) {
    const failure = question.signal.aborted
      ? cancelled().failure
      : withoutSecrets(toFailure(error, ports.now()), ports.secrets);
    const decision = decideOnFailure(failure.kind, failure.retryAfterMs);
    ports.log.info("a call at a model failed", {
      model: `${call.provider}/${call.model}`,
      kind: failure.kind,
      reason: failure.message,
      action: decision.action,
    });
    const told = error instanceof ModelFailure ? error.usage : null;
    const usage = told ?? (failure.mayCost ? unknownUsage : noTokens);
    await end({
      ...usage,
      outcome:
        failure.kind === "cancelled" ? "cancelled" : failure.kind === "filtered" ? "refused" : "failed",
      code: failureCodes[failure.kind],
      httpStatus: failure.status,
      answeredBy: null,
      costUsd: failure.mayCost ? plan.priceOf(usage) : 0,
      coolDownMs: decision.action === "cool-down" ? decision.coolDownMs : null,
    });
    return { kind: "failed", failure, decision };
  }
}

/** A server may well repeat the key that it refuses. */
export function withoutSecrets(failure: Failure, secrets: readonly string[]): Failure {
  return { ...failure, message: redactSecrets([failure.message], secrets).texts[0]! };
}

function pick({ outcome, code, answeredBy, costUsd }: Ended): Omit<Ended, "usage"> {
  return { outcome, code, answeredBy, costUsd };
}

function toCall(ports: GatewayPorts, question: Question, plan: CallPlan<Ended>): NewCall {
  const { config } = ports;
  const { provider, model } = plan.candidate;
  return {
    id: ports.createId(),
    questionId: question.id,
    traceId: ports.tracing.current()?.traceId ?? null,
    jobId: question.jobId,
    task: question.task,
    purpose: plan.purpose,
    provider: provider.id,
    model: model.name,
    redactions: question.redactions,
    reservedTokens: plan.reservedTokens,
    reservedUsd: plan.reservedUsd,
    timeoutMs: config["llm.timeout"] + writingMs,
    limits: limitsOf(config, provider.id),
  };
}

function limitsOf(config: Config, provider: string): NewCall["limits"] {
  const concurrency = config["llm.concurrency"];
  const rates = config["llm.requests_per_minute"];
  return {
    concurrency: concurrency[provider] ?? concurrency["default"] ?? Number.MAX_SAFE_INTEGER,
    requestsPerMinute: rates[provider] ?? rates["default"] ?? null,
    budgets: {
      jobUsd: config["llm.budget_job_usd"],
      dayUsd: config["llm.budget_day_usd"],
      jobTokens: config["llm.budget_job_tokens"],
      dayTokens: config["llm.budget_day_tokens"],
    },
  };
}

/** Null once the call may be made. */
async function waitForPlace(
  ledger: CallLedger,
  call: NewCall,
  question: Question,
): Promise<Exclude<CallOutcomeOf<never>, { kind: "answer" }> | null> {
  for (;;) {
    throwIfCancelled(question.signal);
    const admission = await ledger.begin(call);
    if (admission.kind === "admitted") return null;
    if (admission.kind === "cooling") return admission;
    if (admission.waitMs > question.patienceMs) {
      const failure: Failure = {
        kind: "overloaded",
        status: null,
        retryAfterMs: admission.waitMs,
        message: `no place became free within llm.patience (limit: ${admission.reason === "rate" ? "llm.requests_per_minute" : "llm.concurrency"})`,
        mayCost: false,
      };
      return { kind: "failed", failure, decision: { action: "fallback" } };
    }
    await pause(admission.waitMs, question);
  }
}

/** Waits for a busy model, on the question's account. */
export async function pause(waitMs: number, question: Question): Promise<void> {
  question.patienceMs -= waitMs;
  await sleep(waitMs, undefined, { signal: question.signal }).catch(() => {});
  throwIfCancelled(question.signal);
}

function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new AppError("cancelled", "Cancelled.", {}, signal.reason);
}

/** An answer that was paid for is not thrown away because its line could not be written: it then stands there as unknown. */
async function writeEnd(
  { log }: GatewayPorts,
  ledger: CallLedger,
  call: NewCall,
  end: CallEnd,
): Promise<void> {
  try {
    await ledger.finish(call, end);
  } catch (error) {
    log.error("the end of a call at a model was not written", { call_id: call.id, error });
  }
}
