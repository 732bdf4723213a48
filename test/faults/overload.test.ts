import { readFileSync } from "node:fs";
import autocannon from "autocannon";
import { describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { request, withCluster } from "../support/fault-cluster.ts";
import { canRun, modes } from "../support/platforms.ts";

const maxRequests = 20;
const overload = 10;
const mostMemory = 1_200 * 2 ** 20;
const post = {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ kind: "quick" }),
} as const;

describe.each(modes.filter(canRun))("F15: ten times more than it takes, %s", (mode) => {
  const limits = [
    ["requests under way", "REPOWRIGHT_SERVER_MAX_REQUESTS", String(maxRequests)],
    ["jobs that wait", "REPOWRIGHT_SERVER_MAX_PENDING", "30"],
  ] as const;
  // What counts the jobs that wait is the same everywhere.
  test.each(mode === "embedded" ? limits : limits.slice(0, 1))(
    "%s: clear refusals, quick answers, and all is well afterwards",
    (_, name, value) =>
      withCluster(mode, { [name]: value, REPOWRIGHT_LOG_LEVEL: "error" }, async (cluster) => {
        const member = await cluster.start();
        const url = `${member.url}/v1/jobs`;
        let mostBytes = 0;
        const watch = setInterval(() => (mostBytes = Math.max(mostBytes, residentBytes(member.pid))), 100);
        const [refusal, { accepted, refused, others, errors }] = await Promise.all([
          eventually("a refusal", 8_000, async () => {
            const all = await Promise.all(Array.from({ length: 3 * maxRequests }, () => request(url, post)));
            return all.find((answer) => answer.status === 503);
          }),
          flood(url),
        ]);
        clearInterval(watch);
        expect(refusal.body).toMatchObject({ status: 503, code: "overloaded" });
        expect(refusal.headers.get("content-type")).toContain("application/problem+json");
        expect(Number(refusal.headers.get("retry-after"))).toBeGreaterThan(0);
        expect(others).toEqual([]);
        expect(errors).toBe(0);
        expect(accepted.length).toBeGreaterThan(0);
        const p99 = accepted.toSorted((a, b) => a - b)[Math.floor(accepted.length * 0.99)]!;
        process.stderr.write(
          `${mode}, ${name}: ${accepted.length} accepted (p99 ${Math.round(p99)} ms), ${refused} refused, ${Math.round(mostBytes / 2 ** 20)} MB\n`,
        );
        expect(p99).toBeLessThan(2_000);
        expect(mostBytes).toBeLessThan(mostMemory);
        // Right afterwards.
        await eventually("an ordinary answer", 1_000, async () => {
          const { status, ms } = await request(`${url}?limit=1`);
          return status === 200 && ms < 500;
        });
        expect(member.isUp()).toBe(true);
      }),
    60_000,
  );
});

interface Flood {
  /** Milliseconds of each. */
  readonly accepted: readonly number[];
  readonly refused: number;
  readonly others: readonly number[];
  readonly errors: number;
}

function flood(url: string): Promise<Flood> {
  const accepted: number[] = [];
  const others: number[] = [];
  let refused = 0;
  return new Promise((resolve, reject) => {
    const run = autocannon(
      { url, ...post, connections: maxRequests * overload, duration: 2 },
      (error: unknown, result: { readonly errors: number }) => {
        if (error) reject(error);
        else resolve({ accepted, refused, others, errors: result.errors });
      },
    );
    run.on("response", (_client: unknown, status: number, _bytes: number, ms: number) => {
      if (status === 202) accepted.push(ms);
      else if (status === 429 || status === 503) refused++;
      else others.push(status);
    });
  });
}

function residentBytes(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4_096;
  } catch {
    return 0;
  }
}
