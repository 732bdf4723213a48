import { existsSync, readFileSync } from "node:fs";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { createLocks } from "../../src/adapters/sqlite/locks.ts";
import type { Job, JobEvent } from "../../src/contracts/job.ts";
import { lockDataDirectory } from "../../src/core/database/data-directory-lock.ts";
import { isRunning } from "../support/child-processes.ts";
import { runProgram, type CliOptions, type CliResult } from "../support/cli.ts";
import { temporaryFolder } from "../support/repositories.ts";
import { createSampleRepository } from "../support/sample-repository.ts";
import { eventually } from "../support/eventually.ts";
import { descendants, freePort, jobIs, startServing } from "../support/serving.ts";
import { createSlowRepository } from "../support/slow-repository.ts";

/** `repowright jobs …` as a person and as a script use it. */
vi.setConfig({ testTimeout: 90_000 });

function createPlace() {
  const folder = temporaryFolder();
  const dataDir = join(folder, "data");
  const run = async (line: string, options: Partial<CliOptions> = {}): Promise<CliResult> => {
    const result = await runProgram(line.split(" "), { cwd: folder, dataDir, ...options });
    // What is piped has no colours and moves no cursor; nothing that is our fault gets out.
    expect(result.stdout + result.stderr).not.toMatch(/\u001b|^\s+at |"internal"/m);
    return result;
  };
  const works = async (line: string): Promise<string> => {
    const { code, stdout, stderr } = await run(line);
    expect([line, code, stderr]).toEqual([line, 0, stderr]);
    return stdout;
  };
  const json = async <T = Job>(line: string): Promise<T> => JSON.parse(await works(`${line} --json`)) as T;
  /** Told to programs and to people. */
  const fails = async (line: string, options: Partial<CliOptions> = {}): Promise<[string, number | null]> => {
    const { code, stdout, stderr } = await run(`${line} --json`, options);
    const { error } = JSON.parse(stderr) as { error: { code: string; message: string; help: string } };
    expect(stdout).toBe("");
    expect(error.message.length).toBeGreaterThan(10);
    expect(error.help.length).toBeGreaterThan(10);
    return [error.code, code];
  };
  return { folder, dataDir, run, works, json, fails };
}

test("everything, through a running server", async () => {
  const { folder, dataDir, run, works, json, fails } = createPlace();
  const source = createSampleRepository(join(folder, "work"));
  const server = await startServing({ dataDir });

  const { id } = await json("jobs start analyze work");
  const watched = await run(`jobs watch ${id}`);
  expect([watched.code, watched.stderr]).toEqual([0, expect.stringContaining("completed")]);
  expect(watched.stdout).toMatch(/^[\d:]{8} {2}state {5}pending$/m);
  expect(watched.stdout).toMatch(/^[\d:]{8} {2}state {5}completed, attempt 1$/m);
  const events = (await works(`jobs watch ${id} --json`)).trimEnd().split("\n");
  expect(events.map((line) => (JSON.parse(line) as JobEvent).seq)).toEqual(events.map((_, at) => at + 1));
  expect(await works("jobs list")).toMatch(new RegExp(`^${id} {2}completed {2}analyze {2}.*${source}$`, "m"));
  expect(await json("jobs list --status completed --kind analyze --limit 1")).toMatchObject({
    jobs: [{ id }],
  });
  expect(await json(`jobs show ${id.slice(0, 18)}`)).toMatchObject({ id, status: "completed", place: null });
  expect(await works(`jobs show ${id}`)).toMatch(
    /attempts\n {2}1 {2}completed .*\n\nsteps\n {2}resolve-commit: done/,
  );
  expect(JSON.parse(await works(`jobs result ${id}`))).toMatchObject({ repository: { name: "work" } });

  const failed = await run("jobs start analyze work --rev nowhere --watch");
  expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining("revision-unknown")]);
  const [dead] = (await json<{ jobs: Job[] }>("jobs dead")).jobs;
  expect(dead).toMatchObject({ status: "failed", rev: "nowhere" });
  expect(await works("jobs dead")).toContain("revision-unknown");
  expect(await works(`jobs retry ${dead!.id}`)).toBe(`${dead!.id}  pending\n`);
  expect((await run(`jobs watch ${dead!.id}`)).code).toBe(1);
  expect(await json("jobs dead --kind analyze --retry")).toEqual({
    jobs: [{ id: dead!.id, status: "pending" }],
  });
  await jobIs(server, dead!.id, "failed");

  expect(await fails("jobs show 0198c5a0-7b1e-7000-8000-000000000000")).toEqual(["job-unknown", 1]);
  expect(await fails("jobs result nonsense")).toEqual(["job-unknown", 1]);
  expect(await fails(`jobs result ${dead!.id}`)).toEqual(["job-state", 1]);
  expect(await fails(`jobs approve ${id}`)).toEqual(["job-state", 1]);
  expect(await fails(`jobs decline ${id}`)).toEqual(["job-state", 1]);
  expect(await fails("jobs start bake work")).toEqual(["kind-unknown", 2]);
  const retried = await run(`jobs retry ${id} ${dead!.id}`);
  expect([retried.code, retried.stdout]).toEqual([1, `${dead!.id}  pending\n`]);
  expect((await run(`jobs cancel ${id}`)).code).toBe(1);
  expect(await works(`jobs delete ${id}`)).toBe(`${id}  deleted\n`);
  expect(await fails(`jobs watch ${id}`)).toEqual(["job-unknown", 1]);
  expect(await server.signal("SIGTERM")).toBe(0);
});

test("without a server, directly on the database", async () => {
  const { folder, run, works, json, fails } = createPlace();
  createSampleRepository(join(folder, "work"));
  const none = await run("jobs list");
  expect([none.code, none.stdout, none.stderr]).toEqual([0, "", "There are no such jobs.\n"]);
  const started = await run("jobs start analyze work");
  const id = started.stdout.trim();
  expect([started.code, started.stderr]).toEqual([
    0,
    expect.stringContaining("No worker takes jobs of kind"),
  ]);
  expect(await works(`jobs show ${id}`)).toMatch(/^waits +No worker takes jobs/m);
  expect(await fails(`jobs result ${id}`)).toEqual(["job-state", 1]);
  const watched = await run(`jobs watch ${id}`);
  expect([watched.code, watched.stdout]).toEqual([1, expect.stringContaining("state     pending")]);
  expect(watched.stderr).toMatch(/^error: .*no worker runs.*\n.*repowright serve/);
  expect(await json(`jobs cancel ${id}`)).toEqual({ jobs: [{ id, status: "cancelled" }] });
  expect(await works(`jobs delete ${id}`)).toContain("deleted");
});

test("beside a server that is just starting", async () => {
  const { dataDir, works } = createPlace();
  await works("jobs list");
  const server = await startServing({ dataDir, isOnlyStarted: true });
  const holder = join(dataDir, "database.lock.holder");
  await eventually("the lock is taken", 20_000, () => readFileSync(holder, "utf8") === String(server.pid));
  expect(existsSync(join(dataDir, "server.json"))).toBe(false);
  await works("jobs list");
  expect(server.hasEnded()).toBe(false);
});

test("where another process has the data directory, and no server comes", async () => {
  const { dataDir, run, works } = createPlace();
  await works("jobs list");
  const release = await lockDataDirectory(dataDir, createLocks());
  const { code, stdout, stderr } = await run("jobs list");
  release();
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(
    new RegExp(`^error: Process ${process.pid} uses the database in .*\nStop that process`),
  );
});

test("tokens: none, a wrong one, the right one", async () => {
  const { dataDir, run, fails } = createPlace();
  const environment = { REPOWRIGHT_SERVER_TOKEN: "right-secret" };
  const server = await startServing({ dataDir, environment });
  expect(await fails("jobs list")).toEqual(["unauthorized", 2]);
  const wrong = await run("jobs list", { environment: { REPOWRIGHT_SERVER_TOKEN: "wrong-secret" } });
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/^error: The token is not one/)]);
  expect(wrong.stderr + server.stderr()).not.toMatch(/(wrong|right)-secret/);
  expect((await run("jobs list", { environment })).code).toBe(0);
  const nobody = { environment: { REPOWRIGHT_SERVER_URL: "http://127.0.0.1:9" } };
  expect(await fails("jobs list", nobody)).toEqual(["server-unreachable", 1]);
});

test("watching goes on over a restart of the server, and ends with Ctrl-C", async () => {
  const { folder, dataDir, run, json } = createPlace();
  createSlowRepository(join(folder, "slow.git"));
  const environment = { REPOWRIGHT_SERVER_PORT: String(await freePort()), REPOWRIGHT_ANALYZE_WORKERS: "1" };
  const first = await startServing({ dataDir, environment });
  const { id } = await json("jobs start analyze slow.git");
  let shown = "";
  let interrupted: ChildProcess | undefined;
  const watching = run(`jobs watch ${id} --json`, {
    onStart: (child) => child.stdout!.on("data", (text: Buffer) => (shown += text.toString())),
  });
  const leaving = run(`jobs watch ${id}`, { onStart: (child) => (interrupted = child) });
  await eventually("half-way", 30_000, () => shown.includes("progress"));
  const [children, { pid }] = [descendants(interrupted!.pid!), interrupted!];
  interrupted!.kill("SIGINT");
  const { code, stderr } = await leaving;
  expect([code, stderr]).toEqual([130, expect.stringMatching(/^error: Cancelled/)]);
  expect([pid!, ...children].filter(isRunning)).toEqual([]);

  await first.signal("SIGKILL");
  const second = await startServing({ dataDir, environment });
  const watched = await watching;
  expect([watched.code, watched.stderr]).toEqual([0, ""]);
  const events = watched.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as JobEvent);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
  expect(events.at(-1)!.data).toMatchObject({ status: "completed", attempt: 2 });
  expect((await jobIs(second, id, "completed")).attempt).toBe(2);
});
