import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Attempt, Job, JobEvent } from "../src/contracts/job.ts";
import { locate, startPostgres, startRedis } from "../test/support/servers.ts";

/**
 * A cluster on this machine, and what happens when one of its workers dies: `node tools/cluster.ts [SOURCE]`.
 * One process with API and scheduler and three workers, on PostgreSQL and Redis: those of DATABASE_URL and REDIS_URL,
 * else fresh ones of its own. It posts an analysis of SOURCE (this repository unless given), kills the worker that runs
 * it half-way with SIGKILL, and shows another one finish it. Everything is stopped and removed at the end.
 */
const program = fileURLToPath(new URL("../bin/repowright.js", import.meta.url));
const source = process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const workerCount = 3;
const upTimeoutMs = 60_000;
const showEveryMs = 1_000;
const pollMs = 50;

const folder = mkdtempSync(join(tmpdir(), "repowright-cluster-"));
const processes = new Map<string, ChildProcess>();
/** Also of those that are dead by now. */
const names = new Map<number, string>();
const closing: (() => Promise<void>)[] = [];
process.on("exit", () => {
  for (const child of processes.values()) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));

try {
  const environment = await findServers();
  const url = (await start("api+scheduler", ["--roles", "api,scheduler", "--port", "0"], environment))!;
  await Promise.all(
    Array.from({ length: workerCount }, (_, at) =>
      start(`worker ${at + 1}`, ["--roles", "worker"], environment),
    ),
  );
  say(`API on ${url}; look at ${url}/docs meanwhile.`);

  const posted = await ask<Job & { detail?: string }>(url, "/v1/jobs", {
    method: "POST",
    headers: { "content-type": "application/json" },
    // Without the cache: what was known from before would be no work.
    body: JSON.stringify({
      kind: "analyze",
      source: existsSync(source) ? resolve(source) : source,
      options: { cache: false },
    }),
  });
  if (!posted.id) throw new Error(`The job was refused: ${posted.detail}`);
  say(`Job ${posted.id}: analyze ${posted.source}`);
  await watch(url, posted.id);

  const { attempts } = await ask<{ attempts: Attempt[] }>(url, `/v1/jobs/${posted.id}`);
  if (attempts.length === 1) say("It was done too soon for a kill half-way: give a larger SOURCE.");
  say("Attempts:");
  for (const { attempt, workerId, outcome } of attempts)
    say(`  ${attempt}  ${(outcome ?? "running").padEnd(10)}  ${nameOf(workerId)}  (${workerId})`);
  const result = await ask<{ history?: { commits: number } }>(url, `/v1/jobs/${posted.id}/result`);
  say(`Result: ${result.history?.commits ?? "no"} commits`);
  say(`Health: ${JSON.stringify(await ask(url, "/health"))}`);
} catch (error) {
  process.exitCode = 1;
  say(`Failed: ${error instanceof Error ? error.message : String(error)}`);
} finally {
  const ends = [...processes.values()].map((child) => ended(child));
  for (const child of processes.values()) child.kill("SIGTERM");
  await Promise.all(ends);
  for (const close of closing) await close();
  say("Everything is stopped.");
}

async function findServers(): Promise<Record<string, string>> {
  const { DATABASE_URL, REDIS_URL } = process.env;
  if (!DATABASE_URL || !REDIS_URL) await locate();
  const postgres = DATABASE_URL ? null : await startPostgres();
  const redis = REDIS_URL ? null : await startRedis();
  closing.push(async () => {
    await postgres?.close();
    await redis?.close();
  });
  say(
    `PostgreSQL: ${postgres ? "a fresh one" : "DATABASE_URL"}; Redis: ${redis ? "a fresh one" : "REDIS_URL"}`,
  );
  return {
    DATABASE_URL: DATABASE_URL || (await postgres!.createDatabase()),
    REDIS_URL: REDIS_URL || redis!.url,
  };
}

/** One `serve` process with a data directory of its own, as on another machine. Resolves to its address when it is up. */
async function start(
  name: string,
  args: readonly string[],
  environment: Record<string, string>,
): Promise<string | null> {
  const dataDir = join(folder, name);
  const child = spawn(process.execPath, [program, "serve", ...args], {
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      ...process.env,
      ...environment,
      REPOWRIGHT_DATA_DIR: dataDir,
      REPOWRIGHT_LOG_FORMAT: "json",
      REPOWRIGHT_LOG_LEVEL: "info",
    },
  });
  processes.set(name, child);
  names.set(child.pid!, name);
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-10_000)));
  const end = performance.now() + upTimeoutMs;
  for (;;) {
    const line = said.split("\n").find((each) => each.includes('"message":"started"'));
    if (line) {
      say(`${name}: process ${child.pid}`);
      return (JSON.parse(line) as { url: string | null }).url;
    }
    if (child.exitCode !== null || performance.now() > end)
      throw new Error(`${name} did not come up: ${said}`);
    await sleep(50);
  }
}

/** Shows what happens until the job has ended, and kills its worker as soon as half of a stage is done. */
async function watch(url: string, id: string): Promise<void> {
  const shown = { seq: 0, at: 0 };
  let isKilled = false;
  for (;;) {
    const page = `/v1/jobs/${id}/events?follow=false&after=${shown.seq}&limit=1000`;
    for (const { seq, at, type, data } of (await ask<{ items: JobEvent[] }>(url, page)).items) {
      shown.seq = seq;
      const { status, attempt, reason, message, fraction } = data as Record<string, string | number>;
      const isState = type === "state";
      if (isState || Date.parse(at) - shown.at > showEveryMs) {
        shown.at = Date.parse(at);
        const state = [status, attempt ? `attempt ${attempt}` : "", reason].filter(Boolean).join(", ");
        say(`  ${at.slice(11, 23)}  ${isState ? state : message}`);
      }
      if (status === "completed") return;
      if (status === "failed" || status === "cancelled") throw new Error(`the job is ${status}`);
      if (isKilled || typeof fraction !== "number" || fraction < 0.5) continue;
      const { attempts } = await ask<{ attempts: Attempt[] }>(url, `/v1/jobs/${id}`);
      const victim = nameOf(attempts.at(-1)!.workerId);
      say(`kill -9 of ${victim}, which runs it`);
      isKilled = processes.get(victim)?.kill("SIGKILL") ?? false;
      processes.delete(victim);
    }
    await sleep(pollMs);
  }
}

/** Ids of workers hold their process: `<host>-<pid>-<random>`. */
function nameOf(workerId: string): string {
  return [...names].find(([pid]) => workerId.includes(`-${pid}-`))?.[1] ?? "?";
}

async function ask<T>(url: string, path: string, init?: RequestInit): Promise<T> {
  return (await (await fetch(url + path, init)).json()) as T;
}

function ended(child: ChildProcess): Promise<unknown> {
  return child.exitCode === null ? new Promise((done) => child.once("exit", done)) : Promise.resolve();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
