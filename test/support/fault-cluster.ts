import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Role } from "../../src/contracts/serving.ts";
import type { Mode } from "./platforms.ts";
import { startPostgres, startRedis, type TestPostgres, type TestRedis } from "./servers.ts";

/**
 * Real `serve` processes on real servers, to be killed at will, with a ledger of what they acknowledged that is kept
 * here, outside the product. Everything dies with the test's process.
 */
export interface Cluster {
  readonly mode: Mode;
  readonly postgres: TestPostgres | null;
  readonly redis: TestRedis | null;
  readonly databaseUrl: string;
  readonly dataDir: string;
  /** Where the jobs write what they did. */
  readonly ledger: string;
  /** Ids that were answered with 202, by kind. */
  readonly accepted: ReadonlyMap<string, string>;
  readonly members: ReadonlySet<Member>;
  start(roles?: readonly Role[], environment?: Readonly<Record<string, string>>): Promise<Member>;
  /** Posts a job of a kind; what is answered with 202 is in `accepted` from then on. */
  post(kind: string, options?: Readonly<Record<string, unknown>>, key?: string): Promise<Answer>;
  /** Posts as often as it takes, as a careful client does: with an Idempotency-Key. */
  submit(kind: string, options?: Readonly<Record<string, unknown>>): Promise<string>;
  get(path: string): Promise<Answer>;
  /** Any POST; what is accepted is not recorded. */
  request(path: string, body: unknown): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  /** 0: nobody answered. */
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  readonly ms: number;
}

/** One `serve` process. */
export interface Member {
  readonly roles: readonly Role[];
  readonly pid: number;
  /** Null without the role `api`. */
  readonly url: string | null;
  readonly isUp: () => boolean;
  /** Resolves when it is gone. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** The last of what it wrote to standard error. */
  readonly said: () => string;
  signal(name: NodeJS.Signals): void;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
}

export const everyRole: readonly Role[] = ["api", "worker", "scheduler"];
const program = fileURLToPath(new URL("fault-server.ts", import.meta.url));
const hasSetpriv = existsSync("/usr/bin/setpriv");
/** Of what a process says. */
const keptCharacters = 200_000;
const startTimeoutMs = 40_000;
const requestTimeoutMs = 35_000;

export async function startCluster(
  mode: Mode,
  settings: Readonly<Record<string, string>> = {},
  options: {
    readonly postgres?: readonly string[];
    readonly isRedisDurable?: boolean;
    readonly dataDir?: string;
  } = {},
): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), "repowright-fault-"));
  const dataDir = options.dataDir ?? join(folder, "data");
  const [postgres, redis] = await Promise.all([
    mode === "embedded" ? null : startPostgres(options.postgres),
    mode === "postgres + redis" ? startRedis({ isDurable: options.isRedisDurable ?? false }) : null,
  ]);
  const databaseUrl = (await postgres?.createDatabase()) ?? "";
  const members = new Set<Member>();
  const accepted = new Map<string, string>();
  const ledger = join(folder, "ledger");
  const killAll = (): void => {
    for (const member of members) member.signal("SIGKILL");
  };
  process.on("exit", killAll);

  async function start(
    roles: readonly Role[] = everyRole,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Member> {
    const command = [process.execPath, program];
    const [file, ...args] = hasSetpriv ? ["/usr/bin/setpriv", "--pdeathsig=KILL", "--", ...command] : command;
    const child = spawn(file!, args, {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env["PATH"],
        HOME: folder,
        REPOWRIGHT_DATA_DIR: dataDir,
        REPOWRIGHT_DATABASE_URL: databaseUrl,
        REPOWRIGHT_REDIS_URL: redis?.url ?? "",
        REPOWRIGHT_SERVER_PORT: "0",
        REPOWRIGHT_SERVER_ROLES: roles.join(","),
        REPOWRIGHT_LOG_LEVEL: "info",
        ...settings,
        ...environment,
      },
    });
    const member = await memberOf(child, roles);
    members.add(member);
    void member.ended.then(() => members.delete(member));
    return member;
  }

  /** To any API that is there. */
  async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
    const began = performance.now();
    const member = [...members].find((each) => each.url !== null && each.isUp());
    if (!member) return { status: 0, headers: new Headers(), body: {}, ms: 0 };
    return request(member.url! + path, init, began);
  }

  async function post(
    kind: string,
    more: Readonly<Record<string, unknown>> = {},
    key?: string,
  ): Promise<Answer> {
    const answer = await ask("/v1/jobs", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(key === undefined ? {} : { "idempotency-key": key }),
      },
      body: JSON.stringify({ kind, options: { ledger, ...more } }),
    });
    if (answer.status === 202) accepted.set(String(answer.body["id"]), kind);
    return answer;
  }

  return {
    mode,
    postgres,
    redis,
    databaseUrl,
    dataDir,
    ledger,
    accepted,
    members,
    start,
    post,
    async submit(kind, more) {
      const key = randomBytes(8).toString("hex");
      for (;;) {
        const { status, body } = await post(kind, more, key);
        if (status === 202) return String(body["id"]);
        if (status !== 0 && status < 500) throw new Error(`${kind} was refused: ${JSON.stringify(body)}`);
        await sleep(100);
      }
    },
    get: (path) => ask(path),
    request: (path, body) =>
      ask(path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    async close() {
      killAll();
      await Promise.all([...members].map((member) => member.ended));
      process.off("exit", killAll);
      await postgres?.close();
      await redis?.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A cluster for as long as `work` takes. */
export async function withCluster<T>(
  mode: Mode,
  settings: Readonly<Record<string, string>>,
  work: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const cluster = await startCluster(mode, settings);
  try {
    return await work(cluster);
  } finally {
    await cluster.close();
  }
}

/** One request; a connection that breaks is an answer too. */
export async function request(
  url: string,
  init: RequestInit = {},
  began = performance.now(),
): Promise<Answer> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(requestTimeoutMs) });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : {}) as Record<
        string,
        unknown
      >,
      ms: performance.now() - began,
    };
  } catch {
    return { status: 0, headers: new Headers(), body: {}, ms: performance.now() - began };
  }
}

async function memberOf(child: ChildProcess, roles: readonly Role[]): Promise<Member> {
  let said = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    if (said.length > 2 * keptCharacters) said = said.slice(-keptCharacters);
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once("close", (code, signal) => resolve({ code, signal })),
  );
  const isUp = (): boolean => child.exitCode === null && child.signalCode === null;
  const signal = (name: NodeJS.Signals): void => void child.kill(name);
  const line = new Promise<string>((resolve) => {
    let text = "";
    child.stdout!.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      if (text.includes("\n")) resolve(text);
    });
  });
  const first = await Promise.race([
    line,
    ended.then((end) => `ended: ${JSON.stringify(end)}`),
    sleep(startTimeoutMs, "is not up", { ref: false }),
  ]);
  if (!first.startsWith("{")) {
    signal("SIGKILL");
    throw new Error(`A member ${first}. It said: ${said.slice(-4_000)}`);
  }
  return {
    roles,
    pid: child.pid!,
    url: (JSON.parse(first) as { url: string | null }).url,
    isUp,
    ended,
    said: () => said,
    signal,
    async kill() {
      signal("SIGKILL");
      await ended;
    },
  };
}

/** What the jobs wrote, line by line. */
export function readLedger(
  file: string,
): readonly { readonly what: string; readonly id: string; readonly attempt: number }[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [what, id, attempt] = line.split(" ");
      return { what: what!, id: id!, attempt: Number(attempt) };
    });
}

/** A schedule that can be run again: numbers from a printed seed. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `FAULT_SEED` of the environment, or a new one; printed, so that a failure can be run again. */
export function pickSeed(what: string): number {
  const seed = Number(process.env["FAULT_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  process.stderr.write(`${what}: FAULT_SEED=${seed}\n`);
  return seed;
}
