import { AsyncLocalStorage } from "node:async_hooks";
import { AppError, isAppError } from "../../base/errors.ts";
import type { Database } from "../../contracts/database.ts";
import type { JobDefinition, JobDefinitions, JobError } from "../../contracts/job.ts";
import type { AttemptEnd, AttemptTask, JobRunner } from "../../contracts/job-runner.ts";
import type { Log } from "../../contracts/log.ts";
import type { Metrics } from "../../contracts/metrics.ts";
import type { Broadcast, Consumer, Dispatcher, SharedCache } from "../../contracts/queue.ts";
import type { Stores } from "../../contracts/stores.ts";
import type { TraceParent, Tracing } from "../../contracts/tracing.ts";
import { performStore } from "../stores/perform-store.ts";
import {
  claimJob,
  endAttempt,
  nameAttempt,
  renewLeases,
  saveCommit,
  saveStep,
  type AttemptOutcome,
  type ClaimedJob,
} from "./attempts.ts";
import { backoffMs } from "./backoff.ts";
import { createEventWriter } from "./event-writer.ts";
import { traceIdOf } from "./job-row.ts";
import { describeFailure, givenUpStep, mayTryAgain } from "./run-attempt.ts";
import { persist } from "./persist.ts";

export interface WorkerDependencies {
  readonly database: Database;
  readonly dispatcher: Dispatcher;
  readonly broadcast: Broadcast;
  readonly cache: SharedCache;
  readonly stores: Stores;
  readonly runner: JobRunner;
  readonly kinds: JobDefinitions;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly random: () => number;
}

export interface WorkerSettings {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly leaseMs: number;
  /** Attempts of a kind at once. */
  readonly concurrencyOf: (definition: JobDefinition) => number;
}

export interface Worker {
  /** Takes no more; what runs may finish within `timeoutMs`, then it is put back. */
  drain(timeoutMs: number): Promise<void>;
  /** Attempts under way. */
  readonly running: () => number;
}

interface Running {
  readonly id: string;
  readonly attempt: number;
  readonly stopping: AbortController;
}

const rememberedSpace = "job";
/** Time that attempts get to end, and to be written, after they were told to stop at the end of a drain. */
const endingMs = 6_000;

/** Takes jobs and runs them, until it is drained. */
export async function startWorker(
  dependencies: WorkerDependencies,
  settings: WorkerSettings,
): Promise<Worker> {
  const { database, dispatcher, broadcast, cache, kinds, log, metrics } = dependencies;
  // By attempt, not by job: after a long stop the next attempt of a job may begin here while the last one still ends.
  const running = new Set<Running>();
  const settled = new Set<Promise<void>>();
  const givingUp = new AbortController();
  let isDraining = false;

  await register(database, settings, kinds);
  const stop = (each: Running, reason: AppError): void => each.stopping.abort(reason);
  const unsubscribe = broadcast.subscribe("cancel", (id) => {
    for (const each of running)
      if (each.id === id) stop(each, new AppError("cancelled", "The job was cancelled."));
  });
  const heartbeat = setInterval(() => void beat(), settings.leaseMs / 3);
  const consumers: Consumer[] = [];
  for (const definition of kinds.values())
    consumers.push(
      await dispatcher.consume(definition.kind, settings.concurrencyOf(definition), () => take(definition)),
    );

  /** A lost hint to cancel is found here, as is an attempt that was given to another worker. */
  async function beat(): Promise<void> {
    const mine = [...running];
    try {
      const kept = await renewLeases(database, settings, mine);
      for (const each of mine)
        if (!kept.has(nameAttempt(each)) && running.has(each))
          stop(
            each,
            new AppError("job-superseded", "The job was cancelled, deleted or given to another worker."),
          );
    } catch (error) {
      log.warn("leases were not renewed", { worker_id: settings.id, error });
    }
  }

  async function take(definition: JobDefinition): Promise<void> {
    if (isDraining) return;
    // With the claim: what is claimed while the worker is drained must be put back too.
    const done = claimAndRun(definition);
    settled.add(done);
    await done.finally(() => settled.delete(done));
  }

  async function claimAndRun(definition: JobDefinition): Promise<void> {
    const job = await claimJob(database, definition.kind, settings).catch((error: unknown) => {
      log.warn("no job could be claimed", { kind: definition.kind, error });
      return null;
    });
    if (!job) return;
    const attributes = { "job.id": job.id, "job.kind": job.kind, "job.attempt": job.attempt };
    await dependencies.tracing.span("attempt", { parent: job.trace_parent, attributes }, (span) =>
      runClaimed(definition, job, span.traceParent),
    );
  }

  async function runClaimed(
    definition: JobDefinition,
    job: ClaimedJob,
    traceParent: TraceParent,
  ): Promise<void> {
    const each: Running = { id: job.id, attempt: job.attempt, stopping: new AbortController() };
    running.add(each);
    if (isDraining) stop(each, new AppError("shutting-down", "The worker is shutting down."));
    broadcast.publish("events", job.id);
    const startedAt = performance.now();
    const jobLog = log.with({
      job_id: job.id,
      kind: job.kind,
      attempt: job.attempt,
      worker_id: settings.id,
      trace_id: traceIdOf(job.trace_parent),
      request_id: job.request_id,
    });
    metrics.count("jobs_started_total", { kind: job.kind });
    metrics.observe(
      "job_wait_seconds",
      Math.max(0, (job.started_at!.getTime() - job.run_at.getTime()) / 1000),
      {
        kind: job.kind,
      },
    );
    jobLog.info("attempt started");
    const events = createEventWriter({ database, broadcast, log: jobLog, id: job.id, attempt: job.attempt });
    const timer = setTimeout(
      () =>
        stop(
          each,
          new AppError(
            "time-limit",
            `The attempt took longer than the ${Math.round(definition.timeoutMs / 1000)} s that a job of kind ${job.kind} may take.`,
          ),
        ),
      definition.timeoutMs,
    );
    // An attempt is not to blame for an outage of the database: it waits for it as long as it may run.
    // What the job process asks for comes as a message, outside the span it belongs to.
    const inSpan = AsyncLocalStorage.snapshot();
    const patiently = <T>(write: () => Promise<T>): Promise<T> =>
      inSpan(() => persist(write, jobLog, each.stopping.signal));
    let end: AttemptEnd;
    try {
      end = await dependencies.runner.run(
        toTask(definition, job, traceParent),
        {
          progress: events.progress,
          log: events.log,
          saveStep: (name, checkpoint) =>
            patiently(() => saveStep(database, job.id, job.attempt, name, checkpoint)),
          saveCommit: (commit) => patiently(() => saveCommit(database, job.id, job.attempt, commit)),
          recall: (key) => patiently(() => cache.get(rememberedSpace, key)),
          remember: (key, value, lifeMs) => patiently(() => cache.put(rememberedSpace, key, value, lifeMs)),
          // Not given up with the attempt: a call at a provider costs whether or not it was of use.
          store: (request) =>
            inSpan(() => persist(() => performStore(dependencies.stores, request), jobLog, givingUp.signal)),
        },
        each.stopping.signal,
      );
    } catch (error) {
      // The runner resolves however an attempt ends; this is our own bug.
      jobLog.error("attempt could not be run", { error });
      end = { kind: "failed", error: describeFailure(new AppError("internal", String(error))) };
    } finally {
      clearTimeout(timer);
    }
    const outcome = toOutcome(definition, job, end, each.stopping.signal, dependencies);
    try {
      await events.close();
      // What is cancelled or belongs to another attempt has been written by whoever did that.
      if (outcome) await write(job, outcome, jobLog);
      const name =
        outcome?.outcome ??
        (isAppError(each.stopping.signal.reason, "job-superseded") ? "superseded" : "cancelled");
      const seconds = (performance.now() - startedAt) / 1000;
      metrics.count("jobs_finished_total", { kind: job.kind, outcome: name });
      metrics.observe("job_duration_seconds", seconds, { kind: job.kind, outcome: name });
      jobLog.info("attempt ended", {
        outcome: name,
        status: outcome?.status,
        duration_ms: Math.round(seconds * 1000),
        ...(outcome?.error ? { code: outcome.error.code, reason: outcome.error.message } : {}),
      });
    } catch (error) {
      if (isAppError(error, "job-superseded")) jobLog.info("attempt was superseded");
      else jobLog.error("attempt's end was not stored", { error });
    } finally {
      running.delete(each);
      broadcast.publish("events", job.id);
    }
  }

  async function write(job: ClaimedJob, outcome: AttemptOutcome, jobLog: Log): Promise<void> {
    const { id, attempt } = job;
    const patiently = (store: () => Promise<void>): Promise<void> => persist(store, jobLog, givingUp.signal);
    if (outcome.reason === settling) {
      const { code, message } = outcome.error!;
      const checkpoint = { inputHash: "", isFinished: true, isEffect: false, output: { code, message } };
      await patiently(() => saveStep(database, id, attempt, givenUpStep, checkpoint));
    }
    await patiently(() => endAttempt(database, id, attempt, outcome));
    if (outcome.begins === undefined) return;
    // Without it the sweep puts one, a moment later.
    await dispatcher.add(outcome.kind!, 1).catch(() => {});
  }

  return {
    running: () => running.size,
    async drain(timeoutMs) {
      isDraining = true;
      await Promise.all(consumers.map((consumer) => consumer.pause().catch(() => {})));
      const all = (): Promise<unknown> => Promise.all(settled);
      await Promise.race([all(), new Promise((resolve) => setTimeout(resolve, timeoutMs).unref())]);
      for (const each of running)
        stop(each, new AppError("shutting-down", "The worker was shut down before the job had finished."));
      // Without the database nothing can be put back; whoever looks after the lease does it.
      const patience = setTimeout(() => givingUp.abort(), endingMs);
      await all();
      clearTimeout(patience);
      clearInterval(heartbeat);
      unsubscribe();
      await Promise.all(consumers.map((consumer) => consumer.close().catch(() => {})));
      await database.query("delete from workers where id = $1", [settings.id]).catch(() => {});
    },
  };
}

async function register(database: Database, settings: WorkerSettings, kinds: JobDefinitions): Promise<void> {
  const places = Object.fromEntries(
    [...kinds.values()].map((definition) => [definition.kind, settings.concurrencyOf(definition)]),
  );
  await database.query(
    `insert into workers (id, host, pid, kinds) values ($1, $2, $3, $4::jsonb)
     on conflict (id) do update set kinds = excluded.kinds, seen_at = now()`,
    [settings.id, settings.host, settings.pid, JSON.stringify(places)],
  );
}

function toTask(definition: JobDefinition, job: ClaimedJob, traceParent: TraceParent): AttemptTask {
  return {
    id: job.id,
    kind: job.kind,
    attempt: job.attempt,
    request: { source: job.source, rev: job.input.rev },
    options: job.input.options,
    timeoutMs: definition.timeoutMs,
    steps: job.steps ?? {},
    traceParent,
    requestId: job.request_id,
  };
}

/** What to write for how an attempt ended; null when somebody else has written it already. */
function toOutcome(
  definition: JobDefinition,
  job: ClaimedJob,
  end: AttemptEnd,
  signal: AbortSignal,
  { kinds, random }: Pick<WorkerDependencies, "kinds" | "random">,
): AttemptOutcome | null {
  const { partOf } = definition;
  const ending = partOf === undefined ? {} : { kind: partOf };
  if (end.kind === "completed")
    return { status: "completed", outcome: "completed", result: end.result, ...ending };
  if (signal.aborted && isAppError(signal.reason, "cancelled", "job-superseded")) return null;
  if (signal.aborted && isAppError(signal.reason, "shutting-down"))
    return { status: "pending", outcome: "released", reason: "worker-stopped" };
  if (end.kind === "waiting")
    return { status: "waiting", outcome: "waiting", approval: { name: end.name, question: end.question } };
  const next = end.kind === "handed-over" ? kinds.get(end.to) : undefined;
  if (next)
    return {
      status: "pending",
      outcome: "released",
      reason: "handed-over",
      kind: next.kind,
      begins: { priority: Math.min(job.priority, next.priority), maxAttempts: next.attempts },
    };
  const failure =
    signal.aborted && isAppError(signal.reason)
      ? describeFailure(signal.reason)
      : end.kind === "crashed"
        ? describeFailure(new AppError("worker-lost", end.message))
        : end.kind === "handed-over"
          ? describeFailure(new AppError("internal", `There is no kind ${end.to} to go on as.`))
          : end.error;
  const error: JobError = { ...failure, traceId: traceIdOf(job.trace_parent) };
  const failures = job.failures + 1;
  return mayTryAgain(error, failures, job.max_attempts)
    ? {
        status: "pending",
        outcome: "failed",
        error,
        reason: "retry",
        delayMs: Math.max(
          backoffMs(failures, definition.backoff, random),
          end.kind === "failed" ? (end.retryAfterMs ?? 0) : 0,
        ),
      }
    : definition.settles === true && job.steps?.[givenUpStep] === undefined
      ? { status: "pending", outcome: "failed", error, reason: settling }
      : { status: "failed", outcome: "failed", error, ...ending };
}

/** Why a job that was given up is put back once more. */
const settling = "given-up";
