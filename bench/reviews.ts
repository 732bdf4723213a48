import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";

/**
 * `node bench/reviews.ts [--prs N] [--workers N] [--repository PATH] [--seconds N]`: pull requests made of a repository's
 * newest commits are sent to POST /webhook of a fresh `serve`; how long until each has a stored review. Then deliveries of
 * GitHub's shape at 500 a second to a server without workers: how long until they are stored and accepted. Prints a Markdown table. Client and server share the
 * machine; nothing is posted and no model is asked.
 */
const args = process.argv.slice(2);
const option = (name: string): string | undefined =>
  args.includes(name) ? args[args.indexOf(name) + 1] : undefined;
const root = fileURLToPath(new URL("..", import.meta.url));
const repository = option("--repository") ?? root;
const workers = option("--workers") ?? "3";
const seconds = Number(option("--seconds") ?? 10);
const scratch = mkdtempSync(join(tmpdir(), "repowright-bench-"));
const secret = "bench";
let child: ChildProcess | null = null;
/** Pull requests that were delivered: each is another one. */
let number = 0;
process.on("exit", () => {
  child?.kill("SIGKILL");
  rmSync(scratch, { recursive: true, force: true });
});

type Row = readonly [what: string, figure: string, remark: string];
const rows: Row[] = [];
const sizes = option("--prs") === undefined ? [1, 20, 100] : [Number(option("--prs"))];
const payloads = readPayloads(Math.max(...sizes) + 1);
if (payloads.length < 2) throw new Error(`${repository} has too few commits.`);
const url = await serve("data", []);

// The first review of a process loads grammars and rules; a server that has run for a minute has them.
const cold = await reviewAll([payloads.at(-1)!]);
rows.push(["first review of a new server", format(cold.totalMs), "loads grammars and tools"]);
const aims = new Map([
  [1, "≤ 0.3 s"],
  [20, "≤ 2 s"],
  [100, "≤ 10 s"],
]);
for (const size of sizes) {
  // Other titles and paths: nothing of an earlier round is known.
  const batch = Array.from({ length: size }, (_, at) =>
    relabel(payloads[at % payloads.length]!, `${size}-${at}`),
  );
  const { totalMs, bytes } = await reviewAll(batch);
  rows.push([
    `${size} pull request${size === 1 ? "" : "s"}, sent to stored`,
    format(totalMs),
    `aim ${aims.get(size) ?? "none"}; ${(size / (totalMs / 1000)).toFixed(1)} /s, ${Math.round(bytes / 1024)} KB of patches`,
  ]);
  if (size === sizes.at(-1)) {
    const again = await reviewAll(batch);
    rows.push([`the same ${size} again`, format(again.totalMs), "from what is remembered"]);
  }
}

const repeated = await reviewAgain();
rows.push([
  "the same commits again, as another job",
  `p50 ${format(repeated.sentMs)} sent to stored`,
  `aim ≤ 10 ms to look again; that took ${repeated.tookMs} ms`,
]);

// Beside reviews it would measure them; a server that only accepts has the machine to itself.
const accepting = await serve("accepting", ["--roles", "api"]);
for (const when of ["a new server", `after ${seconds} s of them`, `after ${2 * seconds} s`]) {
  const load = await deliver(accepting);
  rows.push([
    `500 signed deliveries of GitHub's shape a second, ${when}`,
    `p50 ${load.latency.p50} ms, p99 ${load.latency.p99} ms`,
    `aim p99 ≤ 50 ms; ${load.requests.total} sent, ${load.non2xx + load.errors} not accepted`,
  ]);
}
process.stdout.write(
  `| what (${workers} workers) | figure | remark |\n| --- | --- | --- |\n${rows.map((row) => `| ${row.join(" | ")} |\n`).join("")}`,
);
process.exit(0);

interface Payload {
  readonly action: string;
  readonly number: number;
  readonly pull_request: {
    readonly title: string;
    readonly files: readonly { readonly filename: string; readonly patch: string }[];
  };
}

function git(...given: readonly string[]): string {
  return execFileSync("git", ["-C", repository, ...given], { encoding: "utf8", maxBuffer: 2 ** 30 });
}

/** The plain payload of each of the newest commits that changed text. */
function readPayloads(count: number): readonly Payload[] {
  const found: Payload[] = [];
  for (const commit of git("log", "--no-merges", "--format=%H", "-n", String(count * 2))
    .trim()
    .split("\n")) {
    if (found.length >= count) break;
    const files = git("show", "--format=", "--no-renames", commit)
      .split(/^(?=diff --git )/m)
      .flatMap((part) => {
        const filename = /^\+\+\+ b\/(.+)$/m.exec(part)?.[1];
        const at = part.search(/^@@ /m);
        return filename === undefined || at < 0 ? [] : [{ filename, patch: part.slice(at) }];
      });
    if (files.length > 0)
      found.push({
        action: "opened",
        number: found.length + 1,
        pull_request: { title: git("log", "-1", "--format=%s", commit).trim(), files },
      });
  }
  return found;
}

function relabel(payload: Payload, label: string): Payload {
  return {
    ...payload,
    pull_request: {
      title: `${payload.pull_request.title} (${label})`,
      files: payload.pull_request.files.map((file) => ({ ...file, filename: `${label}/${file.filename}` })),
    },
  };
}

async function serve(name: string, more: readonly string[]): Promise<string> {
  child?.kill("SIGTERM");
  child = spawn(
    process.execPath,
    [
      join(root, "bin/repowright.js"),
      "serve",
      "--server-port",
      "0",
      "--worker-concurrency",
      workers,
      ...more,
    ],
    {
      env: {
        PATH: process.env["PATH"],
        HOME: scratch,
        REPOWRIGHT_DATA_DIR: join(scratch, name),
        REPOWRIGHT_WEBHOOKS_SECRETS: `github=${secret}`,
      },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  const { stderr } = child;
  return new Promise((resolve, reject) => {
    stderr!.setEncoding("utf8").on("data", (text: string) => {
      const found = /"url":"([^"]+)"/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
    child!.on("exit", () => reject(new Error("The server ended.")));
  });
}

async function reviewAll(batch: readonly Payload[]): Promise<{ totalMs: number; bytes: number }> {
  const bodies = batch.map((payload) => JSON.stringify(payload));
  const start = performance.now();
  const ids = await Promise.all(
    bodies.map(async (body) => {
      const response = await fetch(`${url}/webhook`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      if (response.status !== 202) throw new Error(`${response.status}: ${await response.text()}`);
      return ((await response.json()) as { jobId: string }).jobId;
    }),
  );
  const waiting = new Set(ids);
  while (waiting.size > 0) {
    for (const id of waiting) {
      const response = await fetch(`${url}/v1/reviews/${id}`);
      await response.arrayBuffer();
      if (response.status !== 200) break;
      waiting.delete(id);
    }
    if (waiting.size > 0) await sleep(5);
    if (performance.now() - start > 600_000) throw new Error(`${waiting.size} reviews never came.`);
  }
  return { totalMs: performance.now() - start, bytes: bodies.reduce((sum, body) => sum + body.length, 0) };
}

/** A range of the repository's commits, twenty times after it was reviewed once. Medians. */
async function reviewAgain(): Promise<{ sentMs: number; tookMs: number }> {
  const [head, base] = ["HEAD", "HEAD~1"].map((name) => git("rev-parse", name).trim());
  const sent: number[] = [];
  const took: number[] = [];
  for (let round = 0; round <= 20; round++) {
    const start = performance.now();
    const response = await fetch(`${url}/v1/jobs`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        kind: "review",
        source: repository,
        rev: head,
        options: { base, isForced: true, title: `Round ${round}` },
      }),
    });
    const { id } = (await response.json()) as { id: string };
    const review = await untilStored(id, start);
    if (round === 0) continue;
    sent.push(performance.now() - start);
    took.push(review.tookMs);
  }
  return { sentMs: median(sent), tookMs: median(took) };
}

async function untilStored(id: string, start: number): Promise<{ readonly tookMs: number }> {
  for (;;) {
    const response = await fetch(`${url}/v1/reviews/${id}`);
    const body = await response.text();
    if (response.status === 200) return JSON.parse(body) as { readonly tookMs: number };
    if (performance.now() - start > 60_000) throw new Error(`The review of the commits never came: ${body}`);
    await sleep(2);
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function deliver(to: string): Promise<autocannon.Result> {
  return autocannon({
    url: `${to}/webhooks/github`,
    method: "POST",
    connections: 50,
    overallRate: 500,
    duration: seconds,
    requests: [
      {
        setupRequest(request) {
          const body = JSON.stringify({
            action: "opened",
            number: ++number,
            pull_request: {
              number,
              state: "open",
              title: "Make widgets rounder",
              updated_at: new Date().toISOString(),
              head: { sha: String(number).padStart(40, "0"), ref: "rounder" },
              base: { sha: "b".repeat(40), ref: "main" },
            },
            repository: {
              full_name: "octo-org/octo-repo",
              clone_url: "https://github.com/octo-org/octo-repo.git",
            },
          });
          return {
            ...request,
            body,
            headers: {
              "content-type": "application/json",
              "x-github-event": "pull_request",
              "x-github-delivery": `bench-${number}`,
              "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
            },
          };
        },
      },
    ],
  });
}

function format(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
