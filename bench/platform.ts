import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";
import { locate, startPostgres, startRedis } from "../test/support/servers.ts";

/**
 * `node bench/platform.ts [--mode embedded|postgres|redis] [--seconds N]`: how fast jobs are accepted, read, started and
 * watched, next to node:http, to Fastify with one indexed read and to BullMQ alone in the same run. Prints a Markdown table for
 * each mode. Client and servers share the machine.
 */
const args = process.argv.slice(2);
const option = (name: string): string | undefined =>
  args.includes(name) ? args[args.indexOf(name) + 1] : undefined;
const seconds = Number(option("--seconds") ?? 8);
const connections = 100;
const streams = 1_000;
const scratch = mkdtempSync(join(tmpdir(), "repowright-bench-"));
const children = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(scratch, { recursive: true, force: true });
});

type Row = readonly [what: string, figure: string, remark: string];

await locate();
for (const mode of option("--mode") ? [option("--mode")!] : ["embedded", "postgres", "redis"])
  await benchMode(mode);
process.exit(0);

async function benchMode(mode: string): Promise<void> {
  const postgres = mode === "embedded" ? null : await startPostgres();
  const redis = mode === "redis" ? await startRedis() : null;
  const databaseUrl = (await postgres?.createDatabase()) ?? "";
  const environment = {
    REPOWRIGHT_DATA_DIR: join(scratch, mode),
    REPOWRIGHT_DATABASE_URL: databaseUrl,
    REPOWRIGHT_REDIS_URL: redis?.url ?? "",
    REPOWRIGHT_SERVER_PORT: "0",
    REPOWRIGHT_SERVER_MAX_PENDING: "10000000",
    REPOWRIGHT_LOG_LEVEL: "warn",
  };
  const rows: Row[] = [];

  const bare = await start("bare-server.ts", [(await postgres?.createDatabase()) ?? ""], {});
  const plain = await load({ url: bare.lines["plain"]! });
  rows.push(["node:http alone", rate(plain), latency(plain)]);
  const read = await load({ url: bare.lines["fastify"]! });
  rows.push(["Fastify and one indexed read", rate(read), latency(read)]);
  await stop(bare.child);

  const engine = redis ? ["redis", redis.url] : ["postgres", (await postgres?.createDatabase()) ?? ""];
  const alone = await start("bullmq-alone.ts", engine, {});
  const add = Number(alone.lines["addPerSecond"]);
  rows.push(["BullMQ alone, add (100 at once)", `${Math.round(add)} /s`, ""]);
  rows.push([
    "BullMQ alone, process (4 at once)",
    `${Math.round(Number(alone.lines["processPerSecond"]))} /s`,
    "",
  ]);
  await stop(alone.child);

  // Once before, so that the data directory exists.
  await stop((await serve(environment)).child);
  const began = performance.now();
  const server = await serve(environment);
  const url = server.lines["url"]!;
  await fetch(`${url}/health`);
  rows.push([
    "start to /health, existing data",
    `${((performance.now() - began) / 1000).toFixed(2)} s`,
    "aim ≤ 3 s",
  ]);
  await sleep(3_000);
  rows.push(["memory, idle (RSS of the server)", `${residentMegabytes(server.child)} MB`, "aim ≤ 500 MB"]);

  const waits = await pickUp(url, 300);
  rows.push([
    "request sent to attempt started",
    `p50 ${percentile(waits, 50)} ms, p95 ${percentile(waits, 95)} ms`,
    `aim p95 ≤ ${mode === "postgres" ? 50 : 20} ms`,
  ]);

  const id = await postJob(url, "quick");
  await sleep(500);
  const get = await load({ url: `${url}/v1/jobs/${id}` });
  rows.push([
    "GET /v1/jobs/:id",
    rate(get),
    `${percent(get, read)} of Fastify and one read (aim ≥ 40 %), ${latency(get)}`,
  ]);

  const watching = await watch(url, streams);
  const steady = await load({ url: `${url}/v1/jobs/${id}`, overallRate: 500, connections: 50 });
  const received = await watching.finish();
  rows.push([
    `500 requests/s beside ${streams} event streams`,
    rate(steady),
    `${latency(steady)} (aim p99 ≤ 500 ms), ${steady.errors + steady.non2xx} errors; ${received} of ${streams} streams got all events`,
  ]);

  // Last: these leave a heap of jobs behind. First while jobs run and end, then while all places are taken.
  for (const [kind, what] of [
    ["quick", "POST /v1/jobs, stored, while jobs run and end"],
    ["sleep", "POST /v1/jobs, stored, while all workers are busy"],
  ] as const) {
    const post = await load({
      url: `${url}/v1/jobs`,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ kind, options: {} }),
    });
    rows.push([
      what,
      rate(post),
      `${latency(post)} (aim ≥ ${mode === "redis" ? "3 000" : "1 000"}/s, p99 ≤ 100 ms), ${percent(post, plain)} of node:http, ${Math.round((post.requests.average / add) * 100)} % of BullMQ's add, ${post.errors + post.non2xx} errors`,
    ]);
  }
  rows.push(["memory, after that", `${residentMegabytes(server.child)} MB`, ""]);
  await stop(server.child);
  await postgres?.close();
  await redis?.close();

  process.stdout.write(
    `### ${mode}\n\n| what | figure | remark |\n| --- | --- | --- |\n${rows.map((row) => `| ${row.join(" | ")} |\n`).join("")}\n`,
  );
}

interface Started {
  readonly child: ChildProcess;
  /** The JSON it printed first. */
  readonly lines: Readonly<Record<string, string>>;
}

function serve(environment: Readonly<Record<string, string>>): Promise<Started> {
  return start("../test/support/fault-server.ts", [], environment);
}

async function start(
  script: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Started> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [path, ...parameters], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.add(child);
  let text = "";
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    text += String(chunk);
    if (text.includes("\n")) break;
  }
  return { child, lines: JSON.parse(text) as Record<string, string> };
}

async function stop(child: ChildProcess): Promise<void> {
  const closed = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 40_000);
  await closed;
  clearTimeout(timer);
  children.delete(child);
}

function load(options: Partial<autocannon.Options> & { readonly url: string }): Promise<autocannon.Result> {
  return autocannon({ connections, duration: seconds, ...options });
}

async function postJob(url: string, kind: string, options: object = {}): Promise<string> {
  const response = await fetch(`${url}/v1/jobs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ kind, options }),
  });
  return ((await response.json()) as { id: string }).id;
}

/** Milliseconds from sending a request to the start of the attempt, one after the other. */
async function pickUp(url: string, count: number): Promise<number[]> {
  const waits: number[] = [];
  for (let each = 0; each < count; each++) {
    const sentAt = Date.now();
    const id = await postJob(url, "quick");
    for (;;) {
      const job = (await (await fetch(`${url}/v1/jobs/${id}`)).json()) as {
        status: string;
        startedAt: string | null;
      };
      if (job.startedAt !== null) {
        waits.push(Date.parse(job.startedAt) - sentAt);
        break;
      }
      await sleep(5);
    }
  }
  // The first one waits for a process.
  return waits.slice(1);
}

/** Opens streams on one job that reports progress; `finish` resolves to how many saw its end. */
async function watch(url: string, count: number): Promise<{ finish(): Promise<number> }> {
  const id = await postJob(url, "work", {
    ledger: join(scratch, "ledger"),
    steps: 20,
    ms: (seconds * 1000) / 20 + 100,
  });
  const all = Array.from({ length: count }, async () => {
    const response = await fetch(`${url}/v1/jobs/${id}/events`, { headers: { accept: "text/event-stream" } });
    let text = "";
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) text += chunk;
    const ids = [...text.matchAll(/^id: ?(\d+)$/gm)].map((match) => Number(match[1]));
    return text.includes('"completed"') && ids.every((seq, index) => seq === index + 1);
  });
  await sleep(500);
  return { finish: async () => (await Promise.all(all)).filter(Boolean).length };
}

function rate(result: autocannon.Result): string {
  return `${Math.round(result.requests.average)} /s`;
}

function latency(result: autocannon.Result): string {
  return `p50 ${result.latency.p50} ms, p99 ${result.latency.p99} ms`;
}

function percent(result: autocannon.Result, of: autocannon.Result): string {
  return `${Math.round((result.requests.average / of.requests.average) * 100)} %`;
}

function percentile(values: readonly number[], percentage: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percentage) / 100))] ?? NaN;
}

function residentMegabytes(child: ChildProcess): number {
  const pages = Number(readFileSync(`/proc/${child.pid}/statm`, "utf8").split(" ")[1]);
  return Math.round((pages * 4_096) / 2 ** 20);
}
