import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { AppError } from "../../base/errors.ts";
import type { LoadedConfig } from "../../config/load.ts";
import type { AttemptHooks, AttemptTask, JobRunner } from "../../contracts/job-runner.ts";
import { silentLog } from "../../../test/support/silent-log.ts";
import { createJobProcesses } from "./job-processes.ts";

const folder = mkdtempSync(join(tmpdir(), "repowright-job-processes-"));
const ledger = join(folder, "ledger");
let runner: JobRunner;
const told: unknown[] = [];
const hooks: AttemptHooks = {
  progress: (...told_) => void told.push(told_),
  log: (...told_) => void told.push(told_),
  saveStep: async (name) => void told.push(name),
  saveCommit: async () => {},
  recall: async () => null,
  remember: async () => {},
  store: async () => null,
};

beforeEach(() => {
  told.length = 0;
  runner = create(300);
});
afterEach(() => runner.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function create(graceMs: number): JobRunner {
  return createJobProcesses({
    programUrl: new URL("../../../test/support/fault-job-process.ts", import.meta.url),
    init: { type: "init", config: {} as LoadedConfig, version: "0", log: { level: "info", format: "json" } },
    memoryBytes: 300 * 2 ** 20,
    idleMs: 60_000,
    graceMs,
    log: silentLog,
  });
}

function task(kind: string, options: unknown = {}): AttemptTask {
  return {
    id: "a-job",
    kind,
    attempt: 1,
    request: { source: null, rev: null },
    options,
    timeoutMs: 20_000,
    steps: {},
    traceParent: null,
    requestId: null,
  };
}
const never = new AbortController().signal;

test("an attempt's result, progress and steps come back, and the process is used again", async () => {
  const options = { ledger, ms: 1 };
  expect(await runner.run(task("work", options), hooks, never)).toEqual({
    kind: "completed",
    result: '{"done":true}',
  });
  expect(told).toContain("step-2");
  expect(told).toContainEqual([1, "step 2"]);
  expect(await runner.run(task("quick", { value: 5 }), hooks, never)).toEqual({
    kind: "completed",
    result: "5",
  });
});

test.each(["die", "exit"])(
  "a job that takes its process along (%s) is a crash, and the next one runs",
  async (kind) => {
    expect(await runner.run(task(kind), hooks, never)).toMatchObject({ kind: "crashed" });
    expect(await runner.run(task("quick"), hooks, never)).toMatchObject({ kind: "completed" });
  },
);

test("a refused write reaches the job as what it is", async () => {
  const refusing: AttemptHooks = {
    ...hooks,
    saveStep: async () => {
      throw new AppError("job-superseded", "Too late.");
    },
  };
  expect(await runner.run(task("work", { ledger, ms: 1 }), refusing, never)).toMatchObject({
    kind: "failed",
    error: { code: "job-superseded", message: "Too late." },
  });
});

test("a job that eats memory is ended and says so", async () => {
  expect(await runner.run(task("eat"), hooks, never)).toMatchObject({
    kind: "failed",
    error: { code: "memory-limit", retry: false },
  });
});

test("a job that listens ends by itself when it is aborted", async () => {
  const patient = create(60_000);
  onTestFinished(() => patient.close());
  const stopping = new AbortController();
  const end = patient.run(task("sleep"), hooks, stopping.signal);
  stopping.abort(new AppError("cancelled", "Stop."));
  expect(await end).toMatchObject({ kind: "failed", error: { code: "cancelled" } });
});

test.each(["deaf", "loop"])("a job that does not (%s) is ended", async (kind) => {
  const stopping = new AbortController();
  const end = runner.run(task(kind), hooks, stopping.signal);
  await sleep(300);
  stopping.abort(new AppError("cancelled", "Stop."));
  expect((await end).kind).toBe("crashed");
});

test("what a killed job had started is ended too", async () => {
  const stopping = new AbortController();
  const path = join(folder, "children");
  const end = runner.run(task("parent", { ledger: path }), hooks, stopping.signal);
  let pid = 0;
  for (let tries = 0; pid === 0 && tries < 200; tries++) {
    await sleep(20);
    pid = Number(tryRead(path));
  }
  expect(isAlive(pid)).toBe(true);
  stopping.abort(new AppError("cancelled", "Stop."));
  expect((await end).kind).toBe("crashed");
  for (let tries = 0; isAlive(pid) && tries < 100; tries++) await sleep(20);
  expect(isAlive(pid)).toBe(false);
});

function tryRead(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
