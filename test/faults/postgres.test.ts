import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import {
  readLedger,
  request,
  startCluster,
  type Answer,
  type Cluster,
  type Member,
} from "../support/fault-cluster.ts";
import { checkInvariant } from "../support/fault-invariant.ts";
import { canRun, modes } from "../support/platforms.ts";
import { serversAvailable } from "../support/servers.ts";

const resumeMs = 10_000;
const onServers = modes.filter(
  (mode) => mode !== "embedded" && canRun(mode) && serversAvailable().canRestartPostgres,
);

describe.concurrent.each(onServers)("F4: PostgreSQL, %s", (mode) => {
  describe("one by one", { concurrent: false }, () => {
    let cluster: Cluster;
    let member: Member;
    beforeAll(async () => {
      cluster = await startCluster(mode);
      member = await cluster.start();
    });
    afterAll(() => cluster.close());

    const begun = (id: string): boolean => readLedger(cluster.ledger).some((line) => line.id === id);

    test.each(mode === "postgres" ? (["immediate", "kill"] as const) : (["immediate"] as const))(
      "%s stop: clear refusals, no process ends, and what was worked for is kept",
      async (how) => {
        const running = await Promise.all([1, 2].map(() => cluster.submit("work", { steps: 4, ms: 250 })));
        const waiting = await Promise.all([1, 2, 3].map(() => cluster.submit("work", { ms: 20 })));
        await eventually("jobs to begin", 5_000, async () => running.every(begun));
        if (how === "kill") await cluster.postgres!.kill();
        else await cluster.postgres!.stop("immediate");
        const refused = await Promise.all([
          cluster.post("work"),
          cluster.get(`/v1/jobs/${running[0]}`),
          cluster.get("/v1/jobs"),
        ]);
        for (const answer of refused) expectUnavailable(answer);
        const health = await cluster.get("/health");
        expect(health).toMatchObject({ status: 503, body: { status: "unhealthy", db: false, queue: false } });
        expect(await cluster.get("/health/live")).toMatchObject({ status: 200 });
        expect((await cluster.get("/health/ready")).status).toBe(503);
        // Long enough for a step to end in the middle of it.
        await sleep(1_000);
        await cluster.postgres!.start();
        const backAt = performance.now();
        const next = await cluster.submit("work", { steps: 1, ms: 1 });
        await eventually("a new job to begin", resumeMs, async () => begun(next));
        process.stderr.write(`${mode}, ${how}: went on after ${Math.round(performance.now() - backAt)} ms\n`);
        const outcome = await checkInvariant(cluster, 15_000);
        expect(outcome.broken).toEqual([]);
        expect(member.isUp()).toBe(true);
        // Not begun again: what they did during the outage was stored afterwards.
        for (const id of running)
          expect(outcome.jobs.find((job) => job.id === id)?.attempts).toMatchObject([
            { outcome: "completed" },
          ]);
        expect(waiting.every(begun)).toBe(true);
        expect((await cluster.get("/health")).status).toBe(200);
      },
      60_000,
    );

    test("backends that are ended, again and again", async () => {
      const client = new Client({ connectionString: cluster.postgres!.url });
      await client.connect();
      const answers: Answer[] = [];
      for (let count = 0; count < 8; count++) {
        const posts = Promise.all([1, 2, 3].map(() => cluster.post("work", { ms: 20 })));
        await client.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [
          new URL(cluster.databaseUrl).pathname.slice(1),
        ]);
        answers.push(...(await posts));
        await sleep(150);
      }
      await client.end();
      for (const answer of answers) if (answer.status !== 202) expectUnavailable(answer);
      expect((await cluster.get("/health/live")).status).toBe(200);
      await cluster.submit("work", { ms: 1 });
      expect((await checkInvariant(cluster, 20_000)).broken).toEqual([]);
      expect(member.isUp()).toBe(true);
    }, 60_000);

    test("more requests than connections", async () => {
      const small = await cluster.start(["api"], { REPOWRIGHT_DATABASE_CONNECTIONS: "2" });
      const client = new Client({ connectionString: cluster.databaseUrl });
      await client.connect();
      // Every write waits for this one for a while.
      await client.query("begin; lock table repowright.jobs in exclusive mode");
      const paths = Array.from({ length: 150 }, (_, index) => (index % 3 === 0 ? "/v1/jobs" : "/metrics"));
      const asking = paths.map((path) => request(small.url + path));
      const posting = Array.from({ length: 50 }, () =>
        request(`${small.url}/v1/jobs`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ kind: "quick" }),
        }),
      );
      await sleep(500);
      expect((await request(`${small.url}/health/live`)).ms).toBeLessThan(500);
      await client.query("rollback");
      await client.end();
      const answers = await Promise.all([...asking, ...posting]);
      expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200, 202]));
      await small.kill();
      expect((await checkInvariant(cluster, 20_000)).broken).toEqual([]);
    }, 60_000);
  });
});

function expectUnavailable(answer: Answer): void {
  expect(answer).toMatchObject({ status: 503, body: { status: 503, code: "database-unavailable" } });
  expect(answer.headers.get("content-type")).toContain("application/problem+json");
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
}
