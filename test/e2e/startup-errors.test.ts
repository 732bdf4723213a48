import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { runProgram, type CliOptions, type CliResult } from "../support/cli.ts";
import { temporaryFolder } from "../support/repositories.ts";
import { createSampleRepository } from "../support/sample-repository.ts";
import { serversAvailable, startPostgres, startRedis } from "../support/servers.ts";
import { eventually } from "../support/eventually.ts";
import { freePort, jobIs, startServing } from "../support/serving.ts";

/** What keeps `serve` from starting: one clear error that says what to do. */
vi.setConfig({ testTimeout: 60_000 });
const available = serversAvailable();

let postgres: Awaited<ReturnType<typeof startPostgres>> | null = null;
beforeAll(async () => {
  if (available.postgres) postgres = await startPostgres();
});
afterAll(() => postgres?.close());

function serve(
  dataDir: string,
  args: readonly string[],
  options: Partial<CliOptions> = {},
): Promise<CliResult> {
  return runProgram(["serve", "--port", "0", ...args], {
    cwd: "/",
    dataDir,
    // One that starts after all must not outlive the test.
    onStart: (child) => onTestFinished(() => void child.kill("SIGKILL")),
    ...options,
  });
}

/** The one error and nothing else: what happened, what to do, no stack, no secret. */
function told({ code, stdout, stderr }: CliResult): {
  exitCode: number | null;
  message: string;
  help: string;
} {
  const shown = stderr.split("\n").filter((line) => !line.startsWith("{"));
  expect(stdout).toBe("");
  expect(stderr).not.toMatch(/^\s+at |-secret|"level":"(error|debug)"/m);
  expect(shown, stderr).toHaveLength(3);
  expect(shown[0]).toMatch(/^error: .{10}/);
  expect(shown[1]!.length).toBeGreaterThan(20);
  return { exitCode: code, message: shown[0]!, help: shown[1]! };
}

const place = (): string => join(temporaryFolder(), "data");

test("the port is in use", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void other.close());
  await eventually("a port", 5_000, () => other.listening);
  const { port } = other.address() as AddressInfo;
  const { exitCode, message, help } = told(await serve(place(), ["--port", String(port)]));
  expect([exitCode, message]).toEqual([1, `error: Something listens on 127.0.0.1:${port} already.`]);
  expect(help).toContain("--port");
});

test("another server has the data directory: refused within a second, its process named, nothing changed", async () => {
  const dataDir = place();
  const first = await startServing({ dataDir });
  const files = (): string[] =>
    ["server.json", "database.lock.holder"].map((name) => readFileSync(join(dataDir, name), "utf8"));
  const before = files();
  const timed = async (run: () => Promise<CliResult>): Promise<[CliResult, number]> => {
    const began = performance.now();
    return [await run(), performance.now() - began];
  };
  const spans: number[] = [];
  // A busy machine may be slow once.
  for (let round = 0; round < 3 && !spans.some((span) => span < 1_000); round++) {
    // What Node and the loading of our code take on this machine now.
    const [, plain] = await timed(() => runProgram(["config", "show"], { cwd: "/", dataDir: place() }));
    const [second, whole] = await timed(() => serve(dataDir, []));
    expect(told(second)).toMatchObject({
      exitCode: 1,
      message: `error: Process ${first.pid} uses the database in ${dataDir}.`,
    });
    spans.push(whole - plain);
  }
  expect(Math.min(...spans)).toBeLessThan(1_000);
  expect(files()).toEqual(before);
  expect((await first.ask("/health")).status).toBe(200);
  expect(await first.signal("SIGTERM")).toBe(0);
});

test("the data directory cannot be written", async () => {
  const dataDir = place();
  mkdirSync(dataDir);
  chmodSync(dataDir, 0o555);
  // Root may write anyway, unless it gives that up.
  const through =
    process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"] : [];
  chmodSync(join(dataDir, ".."), 0o755);
  const { exitCode, message } = told(await serve(dataDir, [], { through }));
  expect([exitCode, message]).toEqual([1, expect.stringMatching(/data folder .* cannot be written/)]);
});

test("the disk is full", async (context) => {
  const dataDir = place();
  mkdirSync(dataDir);
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", dataDir]).status !== 0)
    context.skip("a small disk can only be made by root");
  onTestFinished(() => void spawnSync("umount", ["--lazy", dataDir]));
  const { exitCode, message, help } = told(await serve(dataDir, []));
  expect([exitCode, message]).toEqual([1, expect.stringMatching(/disk is full|No space|cannot be/)]);
  expect(help).toMatch(/^Free some space/);
});

test.each([
  [
    "nobody there",
    "postgres://u:pw-secret@127.0.0.1:9/x",
    1,
    /^error: PostgreSQL at 127.0.0.1:9\/x is not available/,
  ],
  [
    "another scheme",
    "mysql://u:pw-secret@localhost/x",
    2,
    /^error: .*database\.url.* must be of the form postgres:/,
  ],
  ["no address", "pw-secret", 2, /^error: .*database\.url.* must be of the form postgres:/],
])("DATABASE_URL: %s", async (_, url, exitCode, message) => {
  expect(told(await serve(place(), [], { environment: { DATABASE_URL: url } }))).toMatchObject({
    exitCode,
    message: expect.stringMatching(message) as string,
  });
});

test.runIf(available.postgres)("DATABASE_URL: a user who may not log in, no such database", async () => {
  const url = new URL(await postgres!.createDatabase());
  const client = new Client({ connectionString: postgres!.url });
  await client.connect();
  await client.query("create role nologin_role");
  await client.end();
  url.username = "nologin_role";
  url.password = "pw-secret";
  const refused = told(await serve(place(), [], { environment: { DATABASE_URL: url.href } }));
  expect([refused.exitCode, refused.message]).toEqual([1, expect.stringMatching(/refuses: .*nologin_role/)]);
  url.username = "test";
  url.pathname = "/none";
  const missing = told(await serve(place(), [], { environment: { DATABASE_URL: url.href } }));
  expect([missing.exitCode, missing.message]).toEqual([1, expect.stringMatching(/refuses: .*"none"/)]);
});

test.runIf(available.postgres)("a database of a newer and of another version", async () => {
  const DATABASE_URL = await postgres!.createDatabase();
  const migrated = await runProgram(["db", "migrate"], {
    cwd: "/",
    dataDir: place(),
    environment: { DATABASE_URL },
  });
  expect(migrated.code, migrated.stderr).toBe(0);
  const client = new Client({ connectionString: DATABASE_URL });
  await client.connect();
  await client.query("insert into repowright.migrations values (99, '0099_future', 'x')");
  const newer = told(await serve(place(), [], { environment: { DATABASE_URL } }));
  expect([newer.exitCode, newer.message]).toEqual([
    1,
    expect.stringMatching(/at version 99 \(0099_future\)/),
  ]);
  expect(newer.help).toMatch(/^Install the version/);
  await client.query("delete from repowright.migrations where version = 99");
  await client.query("update repowright.migrations set checksum = 'x'");
  const other = told(await serve(place(), [], { environment: { DATABASE_URL } }));
  expect([other.exitCode, other.message]).toEqual([1, expect.stringMatching(/made with another 0001_/)]);
  await client.end();
});

test("REDIS_URL of another scheme", async () => {
  const environment = { REDIS_URL: "http://u:pw-secret@127.0.0.1:1" };
  const { exitCode, message } = told(await serve(place(), [], { environment }));
  expect([exitCode, message]).toEqual([2, expect.stringContaining("redis.url")]);
});

test.runIf(available.canRestartRedis && available.postgres)(
  "Redis comes up after the server: jobs are taken meanwhile, and run then",
  async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.close());
    await redis.stop();
    const folder = temporaryFolder();
    const source = createSampleRepository(join(folder, "work"));
    const server = await startServing({
      dataDir: join(folder, "data"),
      environment: { DATABASE_URL: await postgres!.createDatabase(), REDIS_URL: redis.url },
    });
    const health = await server.ask("/health");
    expect([health.status, health.body]).toMatchObject([
      503,
      { status: "unhealthy", db: true, redis: false },
    ]);
    const { status, body } = await server.post("/v1/jobs", { kind: "analyze", source });
    expect(status).toBe(202);
    expect((await server.ask(`/v1/jobs/${body.id}`)).body.status).toBe("pending");
    await redis.start();
    await jobIs(server, body.id, "completed");
    await eventually("healthy", 10_000, async () => (await server.ask("/health")).status === 200);
    expect(await server.signal("SIGTERM")).toBe(0);
  },
);

test.each([
  ["a role that is none", ["--roles", "api,cook"], {}, /roles.*cook/],
  ["no roles", ["--roles", ""], {}, /roles/],
  ["a port that is none", ["--port", "99999"], {}, /port.*99999/],
  ["a port in words", [], { REPOWRIGHT_SERVER_PORT: "http" }, /server\.port.*REPOWRIGHT_SERVER_PORT.*http/],
  ["tokens that are no table", [], { REPOWRIGHT_SERVER_TOKENS: "token-secret" }, /server\.tokens/],
  [
    "a timetable that is none",
    [],
    { REPOWRIGHT_JOBS_SCHEDULE: "analyze https://a.example/b=daily" },
    /jobs\.schedule.*daily/,
  ],
  ["beyond loopback without a token", ["--host", "0.0.0.0"], {}, /0\.0\.0\.0 can be reached/],
  [
    "no address of this machine",
    ["--host", "203.0.113.7"],
    { REPOWRIGHT_SERVER_TOKEN: "token-secret" },
    /no address of this machine/,
  ],
])("%s", async (_, args, environment, message) => {
  const dataDir = place();
  const { exitCode, message: said } = told(await serve(dataDir, args, { environment }));
  expect([exitCode, said]).toEqual([2, expect.stringMatching(message)]);
  // Nothing was announced that nobody serves.
  expect(existsSync(join(dataDir, "server.json"))).toBe(false);
});

test("a free port is what the server says", async () => {
  const port = await freePort();
  const server = await startServing({ dataDir: place(), args: ["--port", String(port), "--roles", "api"] });
  expect(server.url).toBe(`http://127.0.0.1:${port}`);
  expect((await server.ask("/health")).body).toMatchObject({ status: "healthy", workers: 0 });
});
