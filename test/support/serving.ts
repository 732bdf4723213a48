import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { Analysis } from "../../src/contracts/analysis.ts";
import type { Attempt, Job, JobEvent, QueuePlace, Step } from "../../src/contracts/job.ts";
import type { Problem } from "../../src/server/problems.ts";
import { eventually } from "./eventually.ts";

/** The real program as a server in a process of its own, as an operator starts it. Dies with the test. */
export interface Serving {
  readonly pid: number;
  /** Empty without the role `api`. */
  readonly url: string;
  readonly stderr: () => string;
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly hasEnded: () => boolean;
  /** Resolves to the exit code, or to the signal that ended it. */
  signal(name: NodeJS.Signals): Promise<number | NodeJS.Signals>;
  ask(path: string, init?: RequestInit): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Of JSON; empty of anything else. */
  readonly body: Body;
}

/** What the API may say, all in one: a test names what it expects. */
export interface Body extends Omit<Job, "status" | "error">, Omit<Problem, "status" | "requestId"> {
  readonly status: unknown;
  readonly error: Job["error"];
  readonly items: readonly Body[];
  readonly nextCursor: string | null;
  readonly attempts: readonly Attempt[];
  readonly steps: readonly Step[];
  readonly place: QueuePlace | null;
  readonly name: string;
  readonly lastAnalysisJobId: string | null;
  readonly lastCommit: string | null;
  readonly workers: number;
}

export interface ServingOptions {
  readonly dataDir: string;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Resolves at once instead of when it is up. */
  readonly isOnlyStarted?: boolean;
}

const program = fileURLToPath(new URL("../../bin/repowright.js", import.meta.url));
const dyingWithUs = existsSync("/usr/bin/setpriv") ? ["/usr/bin/setpriv", "--pdeathsig=KILL", "--"] : [];
const startTimeoutMs = 40_000;

export async function startServing(options: ServingOptions): Promise<Serving> {
  const [first, ...rest] = [...dyingWithUs, process.execPath, program, "serve", ...(options.args ?? [])];
  const child = spawn(first!, rest, {
    cwd: "/",
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      PATH: process.env["PATH"],
      HOME: options.dataDir,
      REPOWRIGHT_DATA_DIR: options.dataDir,
      REPOWRIGHT_SERVER_PORT: "0",
      ...options.environment,
    },
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  let hasEnded = false;
  const ended = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      hasEnded = true;
      resolve(code ?? signal!);
    });
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const started = (): { url: string | null } | undefined =>
    readLog(stderr).find((line) => line["message"] === "started") as { url: string | null } | undefined;
  if (!options.isOnlyStarted)
    await eventually("serve is up", startTimeoutMs, () => {
      if (hasEnded) throw new Error(`serve ended: ${stderr.slice(-3_000)}`);
      return started();
    });
  const ask = (path: string, init: RequestInit = {}): Promise<Answer> =>
    askUrl(`${started()?.url}${path}`, init);
  return {
    pid: child.pid!,
    get url() {
      return started()?.url ?? "";
    },
    stderr: () => stderr,
    ended,
    hasEnded: () => hasEnded,
    async signal(name) {
      child.kill(name);
      return ended;
    },
    ask,
    post: (path, body, headers) =>
      ask(path, {
        method: "POST",
        headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}

export async function askUrl(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { ...init, signal: init.signal ?? AbortSignal.timeout(30_000) });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: (isJson && text !== "" ? JSON.parse(text) : {}) as Body,
  };
}

/** Lines of a JSON log; what is none is left out. */
export function readLog(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Resolves to the job once it has the status; fails when it ends with another one. */
export async function jobIs(
  server: Pick<Serving, "ask">,
  id: string,
  status: Job["status"],
  timeoutMs = 30_000,
): Promise<Body> {
  return eventually(`job ${id} is ${status}`, timeoutMs, async () => {
    const { body } = await server.ask(`/v1/jobs/${id}`);
    if (body.status === status) return body;
    if (/^(completed|failed|cancelled)$/.test(String(body.status)))
      throw new Error(`Job ${id} is ${String(body.status)}: ${JSON.stringify(body.error)}`);
    return null;
  });
}

/** The events of a stream until it ends by itself. */
export async function readStream(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<JobEvent[]> {
  const { text } = await askUrl(url, { headers });
  return text
    .split("\n\n")
    .filter((block) => block.startsWith("id: "))
    .map((block) => {
      const [, id, type, data] = /^id: (.*)\nevent: (.*)\ndata: (.*)$/.exec(block)!;
      const event = JSON.parse(data!) as JobEvent;
      if (String(event.seq) !== id || event.type !== type) throw new Error(`Torn event: ${block}`);
      return event;
    });
}

/** A report without what differs from one run to the next. */
export function withoutTimings(report: Analysis): Omit<Analysis, "timings"> {
  const { timings, ...rest } = report;
  void timings;
  return rest;
}

/** The processes that a process has started, and those that they have. */
export function descendants(pid: number): number[] {
  const children: number[] = [];
  try {
    for (const task of readdirSync(`/proc/${pid}/task`))
      children.push(
        ...readFileSync(`/proc/${pid}/task/${task}/children`, "utf8")
          .trim()
          .split(" ")
          .filter(Boolean)
          .map(Number),
      );
  } catch {
    // It has ended.
  }
  return children.flatMap((child) => [child, ...descendants(child)]);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
