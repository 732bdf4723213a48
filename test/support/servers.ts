import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { Client } from "pg";
import { locateServers, type RedisProgram, type TestServers } from "../../tools/test-servers.ts";

/**
 * Real PostgreSQL (with pgvector) and Redis servers, each on a port and in a folder of its own, that a test may kill.
 * They go away with the test's process, however it ends.
 */
export interface TestPostgres {
  readonly url: string;
  /** Null for a server that is not ours. */
  readonly pid: () => number | null;
  /** An empty database of its own; resolves to its address. */
  createDatabase(): Promise<string>;
  /** `fast`: connections are cut, everything is written; `immediate`: as after a crash. */
  stop(mode: "fast" | "immediate"): Promise<void>;
  /** kill -9 of all its processes. */
  kill(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export interface TestRedis {
  readonly url: string;
  readonly pid: () => number | null;
  flush(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Handed to test processes by `servers-setup.ts`, which has looked, and fetched what was missing. */
export const locatedVariable = "REPOWRIGHT_TEST_SERVERS";

/** Which servers there are to test with: `can…Restart` where we may also stop and kill them. */
export function serversAvailable(): {
  readonly postgres: boolean;
  readonly redis: boolean;
  readonly canRestartPostgres: boolean;
  readonly canRestartRedis: boolean;
} {
  const { postgres, redis } = located();
  return {
    postgres: postgres.kind !== "missing",
    redis: redis.kind !== "missing",
    canRestartPostgres: postgres.kind === "program",
    canRestartRedis: redis.kind === "program",
  };
}

/** For scripts, which have no setup; tests need not call it. */
export async function locate(): Promise<TestServers> {
  const servers = await locateServers();
  process.env[locatedVariable] = JSON.stringify(servers);
  return servers;
}

function located(): TestServers {
  const text = process.env[locatedVariable];
  if (!text) throw new Error("Nobody has looked for servers: is servers-setup.ts in vitest.config.ts?");
  return JSON.parse(text) as TestServers;
}

export async function startPostgres(settings: readonly string[] = []): Promise<TestPostgres> {
  const { postgres } = located();
  if (postgres.kind === "missing") throw new Error(postgres.reason);
  if (postgres.kind === "given") {
    const refuse = async (): Promise<never> => {
      throw new Error("The server of TEST_DATABASE_URL is not ours to stop.");
    };
    return {
      url: postgres.url,
      pid: () => null,
      createDatabase: () => createDatabase(postgres.url),
      stop: refuse,
      kill: refuse,
      start: refuse,
      close: async () => {},
    };
  }
  const folder = serverFolder();
  const data = join(folder, "data");
  const as = stranger();
  const initdb = join(postgres.bin, "initdb");
  const flags = ["-D", data, "-U", "test", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"];
  const [program, ...args] = [...as, initdb, ...flags];
  execFileSync(program!, args);
  const port = await freePort();
  const url = `postgres://test@127.0.0.1:${port}/postgres`;
  const set = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    ...settings,
  ].flatMap((setting) => ["-c", setting]);
  const server = createServerProcess(folder, [
    join(postgres.bin, "postgres"),
    "-D",
    data,
    "-p",
    String(port),
    ...set,
  ]);
  const start = (): Promise<void> =>
    server.start(async () => {
      const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
      client.on("error", () => {});
      try {
        await client.connect();
        await client.query("select 1");
      } finally {
        client.end().catch(() => {});
      }
    });
  await start();
  return {
    url,
    pid: server.pid,
    createDatabase: () => createDatabase(url),
    stop: (mode) => server.signal(mode === "fast" ? "SIGINT" : "SIGQUIT"),
    kill: () => server.signal("SIGKILL"),
    start,
    close: () => server.close(),
  };
}

/** `isDurable`: writes every command to disk before it answers, so that a kill loses nothing. */
export async function startRedis(options: { readonly isDurable?: boolean } = {}): Promise<TestRedis> {
  const { redis } = located();
  if (redis.kind === "missing") throw new Error(redis.reason);
  if (redis.kind === "given") {
    const refuse = async (): Promise<never> => {
      throw new Error("The server of TEST_REDIS_URL is not ours to stop.");
    };
    return {
      url: redis.url,
      pid: () => null,
      flush: () => command(redis.url, "flushall"),
      stop: refuse,
      kill: refuse,
      start: refuse,
      close: async () => {},
    };
  }
  return await startOwnRedis(redis, options.isDurable ?? false);
}

async function startOwnRedis(redis: RedisProgram, isDurable: boolean): Promise<TestRedis> {
  const folder = serverFolder();
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const appendOnly = ["--appendonly", isDurable ? "yes" : "no", "--appendfsync", "always"];
  const flags = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder, "--save", "", ...appendOnly];
  const server = createServerProcess(folder, [redis.program, ...flags], { LD_LIBRARY_PATH: redis.libraries });
  const start = (): Promise<void> => server.start(() => command(url, "ping"));
  await start();
  return {
    url,
    pid: server.pid,
    flush: () => command(url, "flushall"),
    stop: () => server.signal("SIGTERM"),
    kill: () => server.signal("SIGKILL"),
    start,
    close: () => server.close(),
  };
}

interface ServerProcess {
  readonly pid: () => number | null;
  /** Resolves when `probe` does. */
  start(probe: () => Promise<void>): Promise<void>;
  /** To the whole group when it is SIGKILL; resolves when the process is gone. */
  signal(name: "SIGINT" | "SIGQUIT" | "SIGTERM" | "SIGKILL"): Promise<void>;
  close(): Promise<void>;
}

function createServerProcess(
  folder: string,
  commandLine: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ServerProcess {
  let child: ChildProcess | null = null;
  let said = "";

  function killGroup(): void {
    if (!child?.pid) return;
    // PostgreSQL's children are in groups of their own.
    for (const pid of [-child.pid, ...childrenOf(child.pid)])
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // Gone already.
      }
  }

  function removeAll(): void {
    killGroup();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  process.once("exit", removeAll);

  function launch(): ChildProcess {
    const [program, ...args] = [...dyingWithUs(), ...commandLine];
    const started = spawn(program!, args, {
      cwd: folder,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"], LC_ALL: "C", ...environment },
    });
    child = started;
    said = "";
    for (const stream of [started.stdout, started.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4_000)));
    return started;
  }

  async function signal(name: "SIGINT" | "SIGQUIT" | "SIGTERM" | "SIGKILL"): Promise<void> {
    const last = child;
    if (!last || last.exitCode !== null || last.signalCode !== null) return;
    const gone = new Promise((resolve) => last.once("exit", resolve));
    if (name === "SIGKILL") killGroup();
    else last.kill(name);
    await gone;
  }

  return {
    pid: () => (child?.exitCode === null && child.signalCode === null ? (child.pid ?? null) : null),
    async start(probe) {
      const end = performance.now() + 20_000;
      for (let started = launch(); ;) {
        const isGone = started.stdout?.closed === true && started.stderr?.closed === true;
        // After kill -9 PostgreSQL's children may live a moment longer than itself, and hold its memory.
        const isTooEarly = isGone && /shared memory block .* is still in use/.test(said);
        if (performance.now() > end || (isGone && !isTooEarly))
          throw new Error(`${commandLine[0]} did not start: ${said}`);
        if (isTooEarly) started = launch();
        try {
          return await probe();
        } catch {
          await sleep(20);
        }
      }
    },
    signal,
    async close() {
      await signal("SIGKILL");
      process.off("exit", removeAll);
      removeAll();
    },
  };
}

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
const hasSetpriv = existsSync("/usr/bin/setpriv");

/** PostgreSQL refuses to run as root. */
function stranger(): string[] {
  return isRoot ? ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"] : [];
}

/** A test process that is killed cannot tidy up; the kernel ends its servers. */
function dyingWithUs(): string[] {
  if (!hasSetpriv) return [];
  return [...(isRoot ? stranger() : ["setpriv"]), "--pdeathsig=KILL", "--"];
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
      .trim()
      .split(" ")
      .map(Number)
      .filter(Boolean);
  } catch {
    return [];
  }
}

function serverFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "repowright-server-"));
  if (isRoot) chownSync(folder, nobody, nobody);
  chmodSync(folder, 0o700);
  return folder;
}

async function createDatabase(server: string): Promise<string> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  const client = new Client({ connectionString: server });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function command(url: string, name: "ping" | "flushall"): Promise<void> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.call(name);
  } finally {
    client.disconnect();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
