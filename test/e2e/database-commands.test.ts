import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { runProgram, type CliOptions, type CliResult } from "../support/cli.ts";
import { temporaryFolder } from "../support/repositories.ts";
import { createSampleRepository } from "../support/sample-repository.ts";
import { serversAvailable, startPostgres } from "../support/servers.ts";
import { jobIs, readStream, startServing, type Serving } from "../support/serving.ts";

/** `repowright db …` and `doctor` on databases that were really used. */
vi.setConfig({ testTimeout: 90_000 });
const available = serversAvailable();

let postgres: Awaited<ReturnType<typeof startPostgres>> | null = null;
beforeAll(async () => {
  if (available.postgres) postgres = await startPostgres();
});
afterAll(() => postgres?.close());

function createPlace() {
  const folder = temporaryFolder();
  const dataDir = join(folder, "data");
  const source = createSampleRepository(join(folder, "work"));
  const run = (line: string, options: Partial<CliOptions> = {}): Promise<CliResult> =>
    runProgram(line.split(" "), { cwd: folder, dataDir, ...options });
  const json = async <T>(line: string, environment: Record<string, string> = {}): Promise<T> => {
    const { code, stdout, stderr } = await run(`${line} --json`, { environment });
    expect([line, code, stderr]).toEqual([line, 0, stderr]);
    return JSON.parse(stdout) as T;
  };
  const fails = async (line: string, environment: Record<string, string> = {}): Promise<string> => {
    const { code, stdout, stderr } = await run(`${line} --json`, { environment });
    expect([line, code, stdout]).toEqual([line, 1, ""]);
    return (JSON.parse(stderr.trim().split("\n").at(-1)!) as { error: { code: string } }).error.code;
  };
  return { folder, dataDir, source, run, json, fails };
}

async function analyze(server: Serving, source: string, rev?: string): Promise<string> {
  const { body } = await server.post("/v1/jobs", { kind: "analyze", source, ...(rev ? { rev } : {}) });
  return (await jobIs(server, body.id, rev === "nowhere" ? "failed" : "completed")).id;
}

/** Everything that a database holds, as a client sees it. */
async function readAll(server: Serving): Promise<unknown> {
  const { items } = (await server.ask("/v1/jobs?limit=100")).body;
  const jobs = await Promise.all(
    items.map(async ({ id }) => ({
      job: (await server.ask(`/v1/jobs/${id}`)).body,
      result: (await server.ask(`/v1/jobs/${id}/result`)).text.replace(/"(requestId|traceId)":[^,}]*/g, ""),
      events: await readStream(`${server.url}/v1/jobs/${id}/events`),
    })),
  );
  return { jobs, repositories: (await server.ask("/v1/repositories")).body.items };
}

interface Report {
  readonly tables: number;
  readonly rows: number;
}

test("backup, and restore after more was written", async () => {
  const { folder, dataDir, source, run, json, fails } = createPlace();
  const first = await startServing({ dataDir });
  const kept = await analyze(first, source);
  expect(await fails("db backup a.gz")).toBe("data-directory-locked");
  expect(existsSync(join(folder, "a.gz"))).toBe(false);
  const before = await readAll(first);
  await first.signal("SIGTERM");
  expect(await json<Report>("db backup a.gz")).toMatchObject({
    file: join(folder, "a.gz"),
    rows: expect.any(Number) as number,
  });
  expect(await json("db migrate")).toMatchObject({
    applied: [],
    version: expect.any(Number) as number,
    hasVector: true,
  });

  const second = await startServing({ dataDir });
  const lost = await analyze(second, source, "nowhere");
  expect(await fails("db restore a.gz")).toBe("data-directory-locked");
  expect((await second.ask(`/v1/jobs/${lost}`)).status).toBe(200);
  await second.signal("SIGTERM");
  writeFileSync(join(folder, "no.gz"), "no backup");
  expect(await fails("db restore no.gz")).toBe("backup-invalid");
  expect(await fails("db restore missing.gz")).not.toBe("internal");
  const restored = await run("db restore a.gz");
  expect([restored.code, restored.stdout]).toEqual([
    0,
    expect.stringMatching(/restored from .*\nThe database before is kept in/),
  ]);

  const third = await startServing({ dataDir });
  expect((await third.ask(`/v1/jobs/${lost}`)).body.code).toBe("job-unknown");
  expect(await readAll(third)).toEqual(before);
  // What is written after it takes no number twice.
  expect(await analyze(third, source)).not.toBe(kept);
  expect(await third.signal("SIGTERM")).toBe(0);
});

test.runIf(available.postgres)(
  "move to PostgreSQL: everything is there, and serve goes on with it",
  async () => {
    const { dataDir, source, run, json, fails } = createPlace();
    const embedded = await startServing({ dataDir });
    const id = await analyze(embedded, source);
    await analyze(embedded, source, "nowhere");
    await embedded.post("/v1/repositories", { source: "https://git.example/a/b" });
    const before = await readAll(embedded);
    const REPOWRIGHT_MOVE_TO = await postgres!.createDatabase();
    expect(await fails("db move", { REPOWRIGHT_MOVE_TO })).toBe("data-directory-locked");
    await embedded.signal("SIGTERM");

    const none = await run("db move");
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("REPOWRIGHT_MOVE_TO")]);
    const report = await json<Report>("db move", { REPOWRIGHT_MOVE_TO });
    expect(report.rows).toBeGreaterThan(10);
    // A second time there is something in the way, and it stays.
    expect(await fails("db move", { REPOWRIGHT_MOVE_TO })).toBe("database-invalid");

    const DATABASE_URL = REPOWRIGHT_MOVE_TO;
    const server = await startServing({ dataDir, environment: { DATABASE_URL } });
    expect(await readAll(server)).toEqual(before);
    expect((await server.ask(`/v1/jobs/${id}/result`)).status).toBe(200);
    await analyze(server, source);
    // On a server a backup needs nobody to stop.
    expect((await json<Report>("db backup b.gz", { DATABASE_URL })).rows).toBeGreaterThan(report.rows);
    const target = await postgres!.createDatabase();
    expect((await json<Report>("db restore b.gz", { DATABASE_URL: target })).rows).toBeGreaterThan(
      report.rows,
    );
    expect(await server.signal("SIGTERM")).toBe(0);
  },
);

const checks = z.strictObject({
  checks: z.array(
    z.strictObject({
      name: z.string(),
      state: z.enum(["ok", "warn", "fail"]),
      detail: z.string().min(1),
      mend: z.string().min(10).nullable(),
    }),
  ),
});

test("doctor: all is well, through a server, and what is wrong with how to mend it", async () => {
  const { folder, dataDir, run } = createPlace();
  const doctor = async (options: Partial<CliOptions> = {}) => {
    const { code, stdout, stderr } = await run("doctor --json", options);
    expect(stdout + stderr).not.toMatch(/pw-secret|^\s+at /m);
    const found = checks.parse(JSON.parse(stdout)).checks;
    expect(found.filter(({ state, mend }) => state !== "ok" && mend === null)).toEqual([]);
    return { code, of: (name: string) => found.find((check) => check.name === name) };
  };
  const alone = await doctor();
  expect([alone.code, alone.of("database")?.state, alone.of("queue")?.state]).toEqual([0, "ok", "ok"]);
  expect(alone.of("mode")?.detail).toContain("embedded");
  expect(alone.of("server")?.detail).toContain("none runs");

  const server = await startServing({ dataDir });
  const through = await doctor();
  expect([through.code, through.of("server")?.detail]).toEqual([
    0,
    expect.stringContaining(`process ${server.pid}, 1 worker`),
  ]);
  await server.signal("SIGTERM");
  const human = await run("doctor");
  expect([human.code, human.stdout]).toEqual([0, expect.stringMatching(/^ok {4}git {12,}2\.\d+$/m)]);

  const away = await doctor({ environment: { DATABASE_URL: "postgres://u:pw-secret@127.0.0.1:9/x" } });
  expect([away.code, away.of("database")]).toMatchObject([
    1,
    { state: "fail", mend: expect.stringContaining("database.url") as string },
  ]);
  const noGit = await doctor({ environment: { REPOWRIGHT_GIT_PROGRAM: "/nowhere/git" } });
  expect([noGit.code, noGit.of("git")?.state]).toEqual([1, "fail"]);
  // On the embedded database, so that it is only Redis that is missing.
  const noRedis = await doctor({ environment: { REDIS_URL: "redis://:pw-secret@127.0.0.1:9" } });
  expect([noRedis.code, noRedis.of("queue")?.state, noRedis.of("database")?.state]).toEqual([
    1,
    "fail",
    "ok",
  ]);
  // A data directory that somebody else owns.
  const foreign = join(folder, "foreign");
  mkdirSync(foreign);
  chmodSync(foreign, 0o555);
  chmodSync(folder, 0o755);
  const as =
    process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"] : [];
  const refused = await run("doctor", { dataDir: foreign, through: as });
  expect([refused.code, refused.stdout + refused.stderr]).toEqual([
    1,
    expect.stringContaining("cannot be written"),
  ]);
});
