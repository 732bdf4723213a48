import { AppError, errorTable } from "../../base/errors.ts";
import type { CallPurpose } from "../../contracts/model-call.ts";
import type { Candidate } from "./connections.ts";
import { type Failure, failureCodes } from "./failure.ts";
import type { GatewayPorts } from "./gateway-ports.ts";
import { showModel } from "./model-names.ts";
import { type CallOutcomeOf, pause, type Question } from "./place-call.ts";

const mostBackoffMs = 8_000;
/** Times that the whole chain is gone through while its models only ask us to wait. */
const maxPasses = 3;

/** Why one model of the chain gave no answer. */
interface Miss {
  readonly candidate: Candidate;
  readonly failure: Failure;
  /** Time after which it may be asked again; null when waiting does not help. */
  readonly waitMs: number | null;
}

export interface QuestionRun<R> {
  readonly ports: GatewayPorts;
  readonly question: Question;
  readonly chain: readonly Candidate[];
  /** Null when unknown. */
  readonly windowOf: (candidate: Candidate) => Promise<number | null>;
  readonly attempt: (candidate: Candidate, purpose: CallPurpose) => Promise<CallOutcomeOf<R>>;
}

/**
 * The one loop around all models: retries, falls back, waits, gives up.
 * @throws AppError the code of the failure that matters most
 */
export async function runQuestion<R>(run: QuestionRun<R>): Promise<{ candidate: Candidate; value: R }> {
  const { question } = run;
  let purpose: CallPurpose = "first";
  for (let pass = 1; ; pass++) {
    const misses: Miss[] = [];
    let tooSmall = 0;
    for (const candidate of run.chain) {
      const window = tooSmall > 0 ? await run.windowOf(candidate) : null;
      if (window !== null && window <= tooSmall) continue;
      const outcome = await askModel(run, candidate, purpose);
      if (outcome.kind === "answer") return { candidate, value: outcome.value };
      misses.push(outcome.miss);
      if (outcome.miss.failure.kind === "overflow")
        tooSmall = Math.max(tooSmall, (await run.windowOf(candidate)) ?? 0);
      purpose = "fallback";
    }
    const waits = misses.map((miss) => miss.waitMs).filter((wait) => wait !== null);
    const soonest = Math.min(...waits);
    if (waits.length === 0 || pass >= maxPasses || soonest > question.patienceMs) throw toError(misses);
    await pause(soonest, question);
    purpose = "retry";
  }
}

async function askModel<R>(
  { ports, question, attempt }: QuestionRun<R>,
  candidate: Candidate,
  purpose: CallPurpose,
): Promise<{ readonly kind: "answer"; readonly value: R } | { readonly kind: "miss"; readonly miss: Miss }> {
  const { "llm.retries": retries } = ports.config;
  for (let tries = 0; ; tries++) {
    const outcome = await attempt(candidate, tries === 0 ? purpose : "retry");
    if (outcome.kind === "answer") return outcome;
    if (outcome.kind === "cooling")
      return {
        kind: "miss",
        miss: { candidate, failure: coolingFailure(outcome.waitMs), waitMs: outcome.waitMs },
      };
    const { failure, decision } = outcome;
    if (decision.action === "stop") throw toError([{ candidate, failure, waitMs: null }]);
    if (decision.action === "retry" && tries < retries) {
      const backoff = Math.min(mostBackoffMs, ports.backoffMs * 2 ** tries) * (0.5 + ports.random() / 2);
      await pause(decision.waitMs ?? backoff, { ...question, patienceMs: 0 });
      continue;
    }
    const isPassing = decision.action === "cool-down" && failure.kind === "overloaded";
    return { kind: "miss", miss: { candidate, failure, waitMs: isPassing ? decision.coolDownMs : null } };
  }
}

function coolingFailure(waitMs: number): Failure {
  return {
    kind: "overloaded",
    status: null,
    retryAfterMs: waitMs,
    message: `left alone for another ${Math.ceil(waitMs / 1000)} s after failures`,
    mayCost: false,
  };
}

/** Of several failures the one counts that may pass; else the last. */
function toError(misses: readonly Miss[]): AppError {
  const matters =
    misses.findLast(({ failure }) => errorTable[failureCodes[failure.kind]].retry) ?? misses.at(-1)!;
  const told = misses.map(({ candidate, failure }) => `${showModel(candidate.model)}: ${failure.message}`);
  const code = failureCodes[matters.failure.kind];
  return new AppError(
    code,
    code === "cancelled"
      ? "The question to the model was cancelled."
      : `${misses.length === 1 ? "The model gave no answer" : "No model of the chain gave an answer"}. ${told.join("; ")}.`,
    {
      failures: misses.map(({ candidate, failure }) => ({
        model: showModel(candidate.model),
        kind: failure.kind,
        status: failure.status,
        retryAfterMs: failure.retryAfterMs,
      })),
    },
  );
}
