import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createMetrics } from "../../src/adapters/prometheus/metrics.ts";
import { AppError } from "../../src/base/errors.ts";
import type { Job, JobDefinition, JobEvent, Jobs, StartRequest } from "../../src/contracts/job.ts";
import type { Platform } from "../../src/contracts/platform.ts";
import type { Services } from "../../src/contracts/services.ts";
import { endAttempt, saveStep } from "../../src/core/jobs/attempts.ts";
import { createInlineRunner } from "../../src/core/jobs/inline-runner.ts";
import { isFinal } from "../../src/core/jobs/job-row.ts";
import { startScheduler } from "../../src/core/jobs/scheduler.ts";
import { retain } from "../../src/core/jobs/sweep.ts";
import { startWorker, type Worker } from "../../src/core/jobs/worker.ts";
import { eventually } from "../support/eventually.ts";
import { kindsOf, testKind, untilAborted } from "../support/job-kinds.ts";
import { silentLog } from "../support/silent-log.ts";
import { canRun, modes, startMode, type TestMode } from "../support/platforms.ts";
import { createTracing } from "../../src/adapters/opentelemetry/tracing.ts";

/** What every mode must do alike. */
describe.each(modes.filter(canRun))("jobs, %s", (name) => {
  let mode: TestMode;
  let platform: Platform;
  let jobs: Jobs;
  const workers: Worker[] = [];
  /** What the kinds of these tests did, told by themselves. */
  const ledger: string[] = [];
  let decide: (id: string) => unknown = () => null;

  const kinds = kindsOf(
    testKind("echo", async (context, options) => {
      ledger.push(`${context.id} ${context.attempt}`);
      return { said: options["say"] ?? null };
    }),
    testKind("slow", (context) => untilAborted(context.signal), { concurrency: 2, timeoutMs: 20_000 }),
    testKind("short", (context) => untilAborted(context.signal), { timeoutMs: 150, attempts: 2 }),
    testKind("flaky", async (context, options) => {
      ledger.push(`${context.id} ${context.attempt}`);
      if (context.attempt < Number(options["until"] ?? 3))
        throw new AppError("network-unreachable", "The network is away.");
      return context.attempt;
    }),
    testKind("limited", async () => {
      throw new AppError("host-rate-limited", "Wait.", { retryAfterMs: 60_000 });
    }),
    testKind("wrong", async () => {
      throw new AppError("source-invalid", "This will never work.\0");
    }),
    testKind("steps", async (context) => {
      const first = await context.step("first", async () => {
        ledger.push("first");
        return { number: 7, odd: "a\0b" };
      });
      context.progress(0.5, "half");
      context.log("info", "between", { number: first.number });
      if (context.attempt === 1) throw new AppError("network-unreachable", "Once.");
      return context.step("second", async () => first.number * 2);
    }),
    testKind("effect", async (context) =>
      context.step("post", async () => ledger.push("posted"), {
        recover: async () => decide(context.id) as number | undefined,
      }),
    ),
    testKind("posting", async (context) => {
      await context.step("post", async () => ledger.push("posted"), {
        recover: async () => (ledger.includes("posted") ? 1 : undefined),
      });
      throw new AppError("source-invalid", "After it was posted.");
    }),
    testKind("begun", async (context) => {
      ledger.push(`begun ${context.request.rev}`);
      return context.handOver(context.request.rev ?? "long");
    }),
    testKind(
      "long",
      async (context, options) => {
        ledger.push(`long ${context.givenUp?.code ?? null}`);
        if (context.givenUp === null || options["fails"] === true)
          throw new AppError("network-unreachable", "Still away.");
        return context.givenUp.message;
      },
      { attempts: 2, priority: -5, partOf: "begun", settles: true },
    ),
    testKind("asking", async (context) => {
      ledger.push(`asked ${context.attempt}`);
      return context.approval("apply", "May I?");
    }),
    testKind("single", async (context) => void ledger.push(context.request.rev ?? ""), {
      concurrency: 1,
    }),
    testKind("once", async () => null, {
      dedupeKey: (request) => request.rev,
      concurrency: 1,
    } satisfies Partial<JobDefinition>),
  );

  beforeAll(async () => {
    mode = await startMode(name);
    platform = await mode.open(kinds);
    jobs = platform.jobs;
  }, 60_000);
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.drain(0)));
    ledger.length = 0;
  });
  afterAll(() => mode.close());

  async function work(leaseMs = 6_000): Promise<Worker> {
    const services = {
      log: silentLog,
      tracing: await createTracing({ endpoint: "", service: "test", version: "0" }),
    } as unknown as Services;
    const worker = await startWorker(
      {
        ...platform,
        runner: createInlineRunner(kinds, services),
        kinds,
        log: silentLog,
        metrics: createMetrics(),
        tracing: services.tracing,
        random: () => 0,
      },
      {
        id: `worker-${workers.length}-${Math.random()}`,
        host: "test",
        pid: process.pid,
        leaseMs,
        concurrencyOf: (definition) => definition.concurrency,
      },
    );
    workers.push(worker);
    return worker;
  }

  const order = (leaseMs = 6_000): Promise<{ stop(): Promise<void> }> =>
    startScheduler(
      { ...platform, log: silentLog },
      { leaseMs, finishedMs: 1e9, failedMs: 1e9, callsMs: 1e9, timetable: [], isAlone: name === "embedded" },
    );
  const start = async (request: StartRequest, caller = "me", key?: string): Promise<Job> =>
    (
      await jobs.start(request, {
        caller,
        allowsLocalSources: true,
        ...(key === undefined ? {} : { delivery: { origin: `api:${caller}`, key } }),
      })
    ).job;
  const end = async (id: string): Promise<Job> => {
    for await (const _ of jobs.follow(id, 0, AbortSignal.timeout(15_000)));
    return jobs.get(id);
  };
  const until = async (id: string, status: Job["status"]): Promise<Job> => {
    for (let tries = 0; tries < 400; tries++) {
      const job = await jobs.get(id);
      if (job.status === status) return job;
      await sleep(20);
    }
    throw new Error(`Job ${id} is ${(await jobs.get(id)).status}, never became ${status}.`);
  };

  test("a job runs once and its result is kept as it was given", async () => {
    await work();
    const job = await start({ kind: "echo", options: { say: "é\u{1f600}" } });
    expect(job).toMatchObject({ status: "pending", attempt: 0 });
    expect(await end(job.id)).toMatchObject({ status: "completed", attempt: 1, error: null });
    expect(JSON.parse(await jobs.result(job.id))).toEqual({ said: "é\u{1f600}" });
    expect(ledger).toEqual([`${job.id} 1`]);
    const { attempts } = await jobs.attempts(job.id);
    expect(attempts).toMatchObject([{ attempt: 1, outcome: "completed", error: null }]);
  });

  test("a job stored before there was a worker is found", async () => {
    const job = await start({ kind: "echo" });
    expect(await jobs.place(job)).toMatchObject({ reason: "no-worker", place: 1 });
    await work();
    expect((await end(job.id)).status).toBe("completed");
  });

  test("tickets that were lost are put again", async () => {
    await platform.database.query(
      `insert into jobs (id, kind, caller, input, max_attempts, event_seq) values ('lost-ticket', 'echo', 'me', '{"rev":null,"options":{}}', 1, 0)`,
    );
    await work();
    const scheduler = await order();
    await until("lost-ticket", "completed");
    await scheduler.stop();
  });

  test("transient failures are tried again, up to the limit", async () => {
    await work();
    const scheduler = await order();
    const job = await start({ kind: "flaky" });
    expect(await end(job.id)).toMatchObject({ status: "completed", attempt: 3 });
    expect(await jobs.result(job.id)).toBe("3");
    const hopeless = await start({ kind: "flaky", options: { until: 99 } });
    const failed = await end(hopeless.id);
    expect(failed).toMatchObject({ status: "failed", attempt: 3, error: { code: "network-unreachable" } });
    expect((await jobs.list({ status: "failed", kind: "flaky" }, { limit: 5 })).items).toMatchObject([
      { id: hopeless.id },
    ]);
    await scheduler.stop();
  });

  test("who was asked to wait waits at least so long", async () => {
    await work();
    const { id } = await start({ kind: "limited" });
    await eventually("it has failed once", 10_000, async () => (await jobs.get(id)).error !== null);
    const job = await until(id, "pending");
    expect(job.error).toMatchObject({ code: "host-rate-limited", retry: true });
    expect(Date.parse(job.runAt) - Date.parse(job.startedAt!)).toBeGreaterThanOrEqual(60_000);
    await jobs.delete(id);
  });

  test("a job goes on as another kind; given up there it has one attempt to put things in order, and ends under its first name", async () => {
    await work();
    const scheduler = await order();
    const good = await start({ kind: "begun" });
    expect(await end(good.id)).toMatchObject({ kind: "begun", status: "completed", attempt: 4, error: null });
    expect(await jobs.result(good.id)).toBe('"Still away."');
    expect(ledger).toEqual(["begun null", "long null", "long null", "long network-unreachable"]);
    const { attempts } = await jobs.attempts(good.id);
    expect(attempts.map(({ outcome }) => outcome)).toEqual(["released", "failed", "failed", "completed"]);
    const bad = await start({ kind: "begun", options: { fails: true } });
    const failed = { kind: "begun", status: "failed", error: { code: "network-unreachable" } };
    expect(await end(bad.id)).toMatchObject({ ...failed, attempt: 4 });
    const lost = await start({ kind: "begun", rev: "nowhere" });
    expect(await end(lost.id)).toMatchObject({ status: "failed", error: { code: "internal" } });
    await scheduler.stop();
  });

  test("permanent failures are not tried again, and a retry starts afresh", async () => {
    await work();
    const job = await start({ kind: "wrong" });
    expect(await end(job.id)).toMatchObject({
      status: "failed",
      attempt: 1,
      error: { code: "source-invalid", message: "This will never work.", retry: false },
    });
    const again = await jobs.retry(job.id);
    expect(again).toMatchObject({ status: "pending", error: null });
    expect(await end(job.id)).toMatchObject({ status: "failed", attempt: 2 });
    await expect(jobs.result(job.id)).rejects.toMatchObject({ code: "job-state" });
  });

  test("only failed jobs are retried", async () => {
    await work();
    const job = await start({ kind: "echo" });
    await end(job.id);
    await expect(jobs.retry(job.id)).rejects.toMatchObject({ code: "job-state" });
    await expect(jobs.retry("0192f000-0000-7000-8000-000000000000")).rejects.toMatchObject({
      code: "job-unknown",
    });
  });

  test("steps are done once, whatever comes after them", async () => {
    await work();
    const scheduler = await order();
    const job = await start({ kind: "steps" });
    expect(await end(job.id)).toMatchObject({ status: "completed", attempt: 2 });
    expect(await jobs.result(job.id)).toBe("14");
    expect(ledger).toEqual(["first"]);
    expect((await jobs.attempts(job.id)).steps.map((step) => [step.name, step.attempt])).toEqual([
      ["first", 1],
      ["second", 2],
    ]);
    await scheduler.stop();
  });

  test.each([
    ["happened", 5, 0],
    ["did not happen", undefined, 1],
  ])("an effect that was begun and %s is not done twice", async (_, found, posts) => {
    const job = await start({ kind: "effect" });
    // An attempt that died between beginning and keeping.
    await platform.database.query(
      "insert into steps (job_id, name, attempt, input_hash) values ($1, 'post', 0, $2)",
      [job.id, "74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b"],
    );
    decide = () => found;
    await work();
    expect((await end(job.id)).status).toBe("completed");
    expect(ledger.filter((line) => line === "posted")).toHaveLength(posts);
  });

  test("an effect that happened is not repeated by a retry", async () => {
    await work();
    const job = await start({ kind: "posting" });
    expect((await end(job.id)).status).toBe("failed");
    await jobs.retry(job.id);
    expect(await end(job.id)).toMatchObject({ status: "failed", attempt: 2 });
    expect(ledger).toEqual(["posted"]);
  });

  test("events are numbered without gaps and followed from anywhere", async () => {
    await work();
    const scheduler = await order();
    const job = await start({ kind: "steps" });
    const seen: JobEvent[] = [];
    for await (const event of jobs.follow(job.id, 0, AbortSignal.timeout(15_000))) seen.push(event);
    expect(seen.map((event) => event.seq)).toEqual(seen.map((_, index) => index + 1));
    expect(seen[0]).toMatchObject({ type: "state", data: { status: "pending" } });
    expect(seen.at(-1)).toMatchObject({ type: "state", data: { status: "completed" } });
    expect(seen).toContainEqual(
      expect.objectContaining({ type: "progress", data: { fraction: 0.5, message: "half", attempt: 1 } }),
    );
    expect(seen).toContainEqual(
      expect.objectContaining({
        type: "log",
        data: { level: "info", message: "between", fields: { number: 7 }, attempt: 1 },
      }),
    );
    const rest: number[] = [];
    for await (const event of jobs.follow(job.id, 3, AbortSignal.timeout(15_000))) rest.push(event.seq);
    expect(rest).toEqual(seen.slice(3).map((event) => event.seq));
    await scheduler.stop();
  });

  test("cancel stops what runs and what waits", async () => {
    await work();
    const running = await start({ kind: "slow" });
    await until(running.id, "processing");
    const began = performance.now();
    expect((await jobs.cancel(running.id)).status).toBe("cancelled");
    for (let tries = 0; workers[0]!.running() > 0 && tries < 100; tries++) await sleep(20);
    expect(workers[0]!.running()).toBe(0);
    expect(performance.now() - began).toBeLessThan(2_500);
    expect((await jobs.get(running.id)).status).toBe("cancelled");
    expect((await jobs.attempts(running.id)).attempts).toMatchObject([{ outcome: "cancelled" }]);
    await expect(jobs.cancel(running.id)).resolves.toMatchObject({ status: "cancelled" });
  });

  test("delete works in any state and stops what runs", async () => {
    await work();
    const job = await start({ kind: "slow" });
    await until(job.id, "processing");
    await jobs.delete(job.id);
    await expect(jobs.get(job.id)).rejects.toMatchObject({ code: "job-unknown" });
    for (let tries = 0; workers[0]!.running() > 0 && tries < 100; tries++) await sleep(20);
    expect(workers[0]!.running()).toBe(0);
    await expect(jobs.delete(job.id)).rejects.toMatchObject({ code: "job-unknown" });
  });

  test("an attempt that takes too long is ended", async () => {
    await work();
    const scheduler = await order();
    const job = await start({ kind: "short" });
    expect(await end(job.id)).toMatchObject({
      status: "failed",
      attempt: 2,
      error: { code: "time-limit" },
    });
    await scheduler.stop();
  });

  test("a silent worker's job goes to another, and its late writes are refused", async () => {
    const job = await start({ kind: "echo" });
    // A worker that claimed it and fell silent.
    const { claimJob } = await import("../../src/core/jobs/attempts.ts");
    const claimed = await claimJob(platform.database, "echo", { id: "zombie", leaseMs: 300 });
    expect(claimed).toMatchObject({ id: job.id, attempt: 1 });
    await work(600);
    const scheduler = await order(300);
    expect(await end(job.id)).toMatchObject({ status: "completed", attempt: 2, error: null });
    await scheduler.stop();
    const late = { status: "completed", outcome: "completed", result: '"late"' } as const;
    await expect(endAttempt(platform.database, job.id, 1, late)).rejects.toMatchObject({
      code: "job-superseded",
    });
    await expect(
      saveStep(platform.database, job.id, 1, "x", {
        inputHash: "",
        isFinished: true,
        isEffect: false,
        output: 1,
      }),
    ).rejects.toMatchObject({ code: "job-superseded" });
    expect(await jobs.result(job.id)).toBe('{"said":null}');
    expect((await jobs.attempts(job.id)).attempts).toMatchObject([
      { outcome: "lost", error: { code: "worker-lost" } },
      { outcome: "completed" },
    ]);
  });

  test("a worker that is drained puts back what has not finished, and it counts as no failure", async () => {
    const first = await work();
    const job = await start({ kind: "slow" });
    await until(job.id, "processing");
    await first.drain(50);
    const back = await jobs.get(job.id);
    expect(back).toMatchObject({ status: "pending", attempt: 1, error: null });
    expect((await jobs.attempts(job.id)).attempts).toMatchObject([{ outcome: "released" }]);
    await jobs.cancel(job.id);
  });

  test("a job waits for a person's yes, or no", async () => {
    await work();
    const yes = await start({ kind: "asking" });
    const waiting = await until(yes.id, "waiting");
    expect(waiting.approval).toEqual({ name: "apply", question: "May I?" });
    expect(await jobs.place(waiting)).toMatchObject({ reason: "approval" });
    await jobs.decide(yes.id, { isApproved: true, comment: "fine" });
    expect((await end(yes.id)).status).toBe("completed");
    expect(await jobs.result(yes.id)).toBe('{"comment":"fine"}');
    const no = await start({ kind: "asking" });
    await until(no.id, "waiting");
    await jobs.decide(no.id, { isApproved: false, comment: null });
    expect(await end(no.id)).toMatchObject({ status: "failed", error: { code: "job-declined" } });
    await expect(jobs.decide(no.id, { isApproved: true, comment: null })).rejects.toMatchObject({
      code: "job-state",
    });
  });

  test("the same delivery makes one job, at once and later; another body is refused", async () => {
    const request = { kind: "echo", options: { say: 1 } };
    const started = await Promise.all(Array.from({ length: 20 }, () => start(request, "me", "the-key")));
    expect(new Set(started.map((job) => job.id)).size).toBe(1);
    expect((await start(request, "me", "the-key")).id).toBe(started[0]!.id);
    expect((await start(request, "you", "the-key")).id).not.toBe(started[0]!.id);
    await expect(start({ kind: "echo", options: { say: 2 } }, "me", "the-key")).rejects.toMatchObject({
      code: "idempotency-mismatch",
    });
  });

  test("twins are one job until it has begun", async () => {
    const twins = await Promise.all([1, 2, 3].map(() => start({ kind: "once", rev: "main" })));
    expect(new Set(twins.map((job) => job.id)).size).toBe(1);
    expect((await start({ kind: "once", rev: "main" })).id).toBe(twins[0]!.id);
    expect((await start({ kind: "once", rev: "other" })).id).not.toBe(twins[0]!.id);
    expect((await start({ kind: "once", rev: "main" }, "you")).id).not.toBe(twins[0]!.id);
    await work();
    await end(twins[0]!.id);
    expect((await start({ kind: "once", rev: "main" })).id).not.toBe(twins[0]!.id);
  });

  test("callers take turns, and priority goes before turns", async () => {
    for (let each = 0; each < 4; each++) await start({ kind: "single", rev: `busy-${each}` }, "busy");
    const late = await start({ kind: "single", rev: "quiet-0" }, "quiet");
    await start({ kind: "single", rev: "quiet-1" }, "quiet");
    expect(await jobs.place(late)).toMatchObject({ place: 2 });
    await start({ kind: "single", rev: "urgent", priority: 50 }, "busy");
    await work();
    const last = (await jobs.list({ kind: "single", status: "pending" }, { limit: 100 })).items;
    await Promise.all(last.map((job) => end(job.id)));
    for (let tries = 0; ledger.length < 7 && tries < 200; tries++) await sleep(20);
    expect(ledger).toEqual(["urgent", "busy-0", "quiet-0", "busy-1", "quiet-1", "busy-2", "busy-3"]);
  });

  test("lists page by cursor without gaps, newest first", async () => {
    const started: string[] = [];
    for (let each = 0; each < 7; each++) started.push((await start({ kind: "slow" }, "pager")).id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await jobs.list({ caller: "pager" }, { limit: 3, cursor });
      seen.push(...page.items.map((job) => job.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(started.toReversed());
    await expect(jobs.list({}, { limit: 3, cursor: "nonsense" })).rejects.toMatchObject({
      code: "request-invalid",
    });
    for (const id of started) await jobs.cancel(id);
  });

  test.each([
    [{ kind: "no-such-kind" }, "kind-unknown"],
    [{ kind: "echo", options: 7 }, "request-invalid"],
    [{ kind: "echo", options: { say: "a\0b" } }, "request-invalid"],
    [{ kind: "echo", options: { say: "\ud800" } }, "request-invalid"],
    [{ kind: "echo", rev: "x".repeat(2_000) }, "request-invalid"],
    [{ kind: "echo", source: "-u" }, "source-invalid"],
    [{ kind: "echo", source: "https://me:secret@example.com/a/b" }, "source-refused"],
    [{ kind: "echo", source: "relative/path" }, "source-invalid"],
  ])("%j is refused with %s", async (request, code) => {
    await expect(start(request)).rejects.toMatchObject({ code });
  });

  test("what is old is deleted, failed jobs later", async () => {
    await work();
    const done = await start({ kind: "echo" });
    const failed = await start({ kind: "wrong" });
    await end(done.id);
    await end(failed.id);
    await platform.database.query(
      "update jobs set finished_at = now() - interval '10 days' where id in ($1, $2)",
      [done.id, failed.id],
    );
    await retain(platform.database, { finishedMs: 9 * 86_400_000, failedMs: 11 * 86_400_000, callsMs: 1e9 });
    await expect(jobs.get(done.id)).rejects.toMatchObject({ code: "job-unknown" });
    expect((await jobs.get(failed.id)).status).toBe("failed");
  });

  test("repositories are known by their sources", async () => {
    const job = await start({ kind: "echo", source: "https://example.com/a/b.git" });
    const other = await start({ kind: "echo", source: "https://example.com/a/b.git" });
    expect(job.repositoryId).not.toBeNull();
    expect(other.repositoryId).toBe(job.repositoryId);
    const { repositories } = platform;
    const record = await repositories.get(job.repositoryId!);
    expect(record).toMatchObject({ source: "https://example.com/a/b.git", name: "b", snapshots: 0 });
    await expect(repositories.analysis(record.id, null)).rejects.toMatchObject({ code: "analysis-unknown" });
    const registered = await repositories.register("https://example.com/a/b.git", {
      allowsLocalSources: false,
    });
    expect(registered).toMatchObject({ isNew: false, repository: { id: record.id } });
    await repositories.delete(record.id);
    await expect(repositories.get(record.id)).rejects.toMatchObject({ code: "repository-unknown" });
    expect((await jobs.get(job.id)).status).toBe("cancelled");
  });

  test("counts tell what an operator asks", async () => {
    await work();
    await end((await start({ kind: "echo" })).id);
    const counts = await jobs.counts();
    expect(counts.workers).toBe(1);
    expect(counts.processedToday).toBeGreaterThan(0);
    expect(counts.durationSeconds?.p50).toBeGreaterThanOrEqual(0);
    expect(isFinal("completed")).toBe(true);
  });
});
