import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createJobProcesses } from "../src/adapters/exec/job-processes.ts";
import { createTracing } from "../src/adapters/opentelemetry/tracing.ts";
import { createMetrics } from "../src/adapters/prometheus/metrics.ts";
import { loadConfig } from "../src/config/load.ts";
import type { Job } from "../src/contracts/job.ts";
import type { JobRunner } from "../src/contracts/job-runner.ts";
import type { Metrics } from "../src/contracts/metrics.ts";
import type { ModelCall } from "../src/contracts/model-call.ts";
import type { Platform } from "../src/contracts/platform.ts";
import { type Scheduler, startScheduler } from "../src/core/jobs/scheduler.ts";
import { startWorker, type Worker } from "../src/core/jobs/worker.ts";
import { createCallLedger } from "../src/core/llm/call-ledger.ts";
import { modelKinds } from "./support/model-kinds.ts";
import { type ModelServer, startModelServer } from "./support/model-server.ts";
import { canRun, modes, startMode, type TestMode } from "./support/platforms.ts";
import { silentLog } from "./support/silent-log.ts";
import { quickSettings } from "./support/test-gateway.ts";

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());

/** Models that are asked from real job processes: what they store goes through their worker. */
describe.each(modes.filter(canRun))("jobs that ask models, %s", (name) => {
  let mode: TestMode;
  let platform: Platform;
  let runner: JobRunner;
  let worker: Worker;
  let scheduler: Scheduler;
  let metrics: Metrics;

  beforeAll(async () => {
    mode = await startMode(name);
    platform = await mode.open(modelKinds);
    metrics = createMetrics();
  }, 60_000);
  afterAll(() => mode.close());
  beforeEach(async () => {
    const config = loadConfig({
      environment: { HOME: mode.folder, REPOWRIGHT_LLM_KEYS: server.keys },
      flags: {
        data_dir: mode.folder,
        "llm.addresses": server.addresses,
        ...quickSettings,
        "llm.timeout": "8s",
        "llm.budget_job_tokens": "100000",
      },
      cwd: mode.folder,
    });
    runner = createJobProcesses({
      programUrl: new URL("./support/model-job-process.ts", import.meta.url),
      init: { type: "init", config, version: "0", log: { level: "error", format: "json" } },
      memoryBytes: 2 ** 31,
      idleMs: 60_000,
      graceMs: 1_000,
      log: silentLog,
    });
    worker = await startWorker(
      {
        ...platform,
        stores: { ...platform.stores, calls: createCallLedger(platform.database, metrics) },
        runner,
        kinds: modelKinds,
        log: silentLog,
        metrics,
        tracing: await createTracing({ endpoint: "", service: "test", version: "0" }),
        random: () => 0,
      },
      { id: `w${Math.random()}`, host: "test", pid: 1, leaseMs: 5_000, concurrencyOf: () => 4 },
    );
    scheduler = await startScheduler(
      { ...platform, log: silentLog },
      { leaseMs: 5_000, finishedMs: 1e9, failedMs: 1e9, callsMs: 1e9, timetable: [], isAlone: false },
    );
  });
  afterEach(async () => {
    await scheduler.stop();
    await worker.drain(0);
    await runner.close();
  });

  async function run(kind: string, options: unknown): Promise<Job> {
    const { job } = await platform.jobs.start({ kind, options }, { caller: "me", allowsLocalSources: true });
    for await (const _ of platform.jobs.follow(job.id, 0, AbortSignal.timeout(20_000)));
    return platform.jobs.get(job.id);
  }
  const callsOf = async (jobId: string): Promise<readonly ModelCall[]> =>
    (await platform.stores.calls.list({ jobId }, { limit: 50 })).items.toReversed();

  test("a call is in the ledger with its job, and in the metrics of the worker", async () => {
    const job = await run("ask-model", {
      model: `openai/jobs-${modes.indexOf(name)}~500x1`,
      text: "echo: from a job",
    });
    expect(job.status).toBe("completed");
    expect(JSON.parse(await platform.jobs.result(job.id))).toMatchObject({ text: "from a job" });
    const calls = await callsOf(job.id);
    expect(calls.map(({ purpose, outcome }) => `${purpose} ${outcome}`)).toEqual([
      "first failed",
      "retry answered",
    ]);
    expect(calls[0]!.traceId).toBe(job.traceId);
    const text = await metrics.text();
    expect(text).toMatch(/repowright_llm_calls_total\{task="ask",provider="openai",.*outcome="answered"\} 1/);
    expect(text).toMatch(/repowright_llm_tokens_total\{provider="openai",.*kind="output"\} 3/);
  });

  test("a job process that is killed in the middle of a call leaves it as unknown, and its most stays set aside", async () => {
    const before = (await server.calls()).length;
    const job = await run("ask-model", {
      model: "anthropic/dead~hang",
      text: "echo: alive",
      diesAfterMs: 700,
    });
    expect(job).toMatchObject({ status: "completed", attempt: 2 });
    const calls = await callsOf(job.id);
    expect(calls.map(({ outcome, model, costUsd }) => [outcome, model, costUsd])).toEqual([
      ["running", "dead~hang", null],
      ["answered", "good", null],
    ]);
    // Both were really made: the ledger has neither lost nor invented one.
    expect((await server.calls()).length - before).toBe(2);
    await platform.database.query("update llm_calls set deadline_at = now() where finished_at is null");
    expect((await callsOf(job.id)).map(({ outcome }) => outcome)).toEqual(["unknown", "answered"]);
    const [{ tokens }] = (await platform.database.query(
      "select reserved_tokens as tokens from llm_calls where job_id = $1 and finished_at is null",
      [job.id],
    )) as [{ tokens: number }];
    expect(tokens).toBeGreaterThan(50);
  });

  test("what a store gives and what it refuses come back as they are", async () => {
    const listed = await run("use-store", { operation: "list" });
    expect(JSON.parse(await platform.jobs.result(listed.id))).toHaveProperty("items");
    expect(await run("use-store", { operation: "bad-cursor" })).toMatchObject({
      status: "failed",
      error: { code: "request-invalid" },
    });
  });
});
