import { createHash } from "node:crypto";
import { AppError, errorTable, toAppError } from "../../base/errors.ts";
import type { JobContext, JobDefinition } from "../../contracts/job.ts";
import type { AttemptEnd, AttemptHooks, AttemptTask, Checkpoint } from "../../contracts/job-runner.ts";
import type { Services } from "../../contracts/services.ts";

/** Ends an attempt to wait for a person; thrown through the job's own code. */
class ApprovalNeeded extends Error {
  readonly approval: string;
  readonly question: string;

  constructor(approval: string, question: string) {
    super(`Waits for approval: ${question}`);
    this.approval = approval;
    this.question = question;
  }
}

/** Ends an attempt whose job goes on as another kind; thrown through the job's own code. */
class HandedOver extends Error {
  readonly to: string;

  constructor(to: string) {
    super(`Goes on as ${to}`);
    this.to = to;
  }
}

/** The checkpoint of why a job was given up. */
export const givenUpStep = "given-up";

/** Runs one attempt of a job here and now. Resolves however it ends. */
export async function runAttempt(
  definition: JobDefinition,
  task: AttemptTask,
  services: Services,
  hooks: AttemptHooks,
  signal: AbortSignal,
): Promise<AttemptEnd> {
  try {
    const context = createContext(task, services, hooks, signal);
    const result = await services.tracing.span(
      `job ${definition.kind}`,
      { parent: task.traceParent, attributes: { "job.id": task.id, "job.attempt": task.attempt } },
      () => definition.run(context, task.options),
    );
    if (signal.aborted) throw signal.reason;
    return { kind: "completed", result: JSON.stringify(result ?? null) };
  } catch (thrown) {
    if (thrown instanceof ApprovalNeeded)
      return {
        kind: "waiting",
        name: thrown.approval,
        question: thrown.question.replaceAll("\0", "").toWellFormed(),
      };
    if (thrown instanceof HandedOver && !signal.aborted) return { kind: "handed-over", to: thrown.to };
    const error = toAppError(signal.aborted ? signal.reason : thrown);
    if (error.code === "internal") services.log.error("job failed unexpectedly", { job_id: task.id, error });
    const wait = error.details["retryAfterMs"];
    return {
      kind: "failed",
      error: describeFailure(error),
      ...(typeof wait === "number" ? { retryAfterMs: Math.min(wait, mostWaitMs) } : {}),
    };
  }
}

/** A host that asks to wait longer is asked again before that. */
const mostWaitMs = 60 * 60_000;

export function describeFailure(error: AppError): {
  code: AppError["code"];
  message: string;
  help: string;
  retry: boolean;
} {
  return {
    code: error.code,
    // Messages may quote anything, and PostgreSQL stores no NUL and no half characters.
    message: error.message.replaceAll("\0", "").toWellFormed(),
    help: error.help,
    retry: errorTable[error.code].retry,
  };
}

function createContext(
  task: AttemptTask,
  services: Services,
  hooks: AttemptHooks,
  signal: AbortSignal,
): JobContext {
  const log = services.log.with({
    job_id: task.id,
    trace_id: task.traceParent?.split("-")[1],
    ...(task.requestId === null ? {} : { request_id: task.requestId }),
  });
  return {
    id: task.id,
    attempt: task.attempt,
    request: task.request,
    services: { ...services, log },
    signal,
    givenUp: (task.steps[givenUpStep]?.output as JobContext["givenUp"] | undefined) ?? null,
    handOver(kind) {
      throw new HandedOver(kind);
    },
    progress: (fraction, message) => hooks.progress(fraction, message),
    about: (commit) => hooks.saveCommit(commit),
    log(level, message, fields) {
      log[level](message, fields);
      hooks.log(level, message, fields);
    },
    async step(name, work, options = {}) {
      const inputHash = hashInput(options.input);
      const kept = task.steps[name];
      const isSame = kept?.inputHash === inputHash;
      if (isSame && kept.isFinished) return kept.output as never;
      signal.throwIfAborted();
      if (options.recover) {
        const recovered = isSame ? await options.recover() : undefined;
        if (recovered !== undefined) return keep(name, inputHash, recovered, true);
        // From here on an attempt that dies leaves a trace, and the next one looks before it acts.
        await hooks.saveStep(name, { inputHash, isFinished: false, isEffect: true, output: null });
      }
      const output = await services.tracing.span(`step ${name}`, {}, () => work(signal));
      return keep(name, inputHash, output, options.recover !== undefined);
    },
    async remember(key, lifeMs, work, isWorthKeeping) {
      const full = `${task.kind} ${key}`;
      const known = await hooks.recall(full);
      if (known !== null) return JSON.parse(known) as never;
      const value = await work();
      if (isWorthKeeping(value)) await hooks.remember(full, JSON.stringify(value), lifeMs);
      return value;
    },
    async approval(name, question) {
      const decided = task.steps[`approval:${name}`]?.output as
        | { readonly isApproved: boolean; readonly comment: string | null }
        | undefined;
      if (!decided) throw new ApprovalNeeded(name, question);
      if (!decided.isApproved)
        throw new AppError("job-declined", `Declined: ${question} ${decided.comment ?? ""}`.trim());
      return { comment: decided.comment };
    },
  };

  async function keep<T>(name: string, inputHash: string, output: T, isEffect: boolean): Promise<T> {
    const checkpoint: Checkpoint = { inputHash, isFinished: true, isEffect, output: output ?? null };
    await hooks.saveStep(name, checkpoint);
    return output;
  }
}

function hashInput(input: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(input ?? null))
    .digest("hex");
}

/** Whether another attempt may do better. A job that kills its process is given up sooner than one that merely fails. */
export function mayTryAgain(
  error: { readonly code: string; readonly retry: boolean },
  failures: number,
  maxAttempts: number,
): boolean {
  const isDeath = error.code === "worker-lost" || error.code === "git-killed";
  return error.retry && failures < (isDeath ? Math.min(maxAttempts, maxDeaths) : maxAttempts);
}

const maxDeaths = 3;
