import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { readLedger, startCluster, type Cluster } from "../support/fault-cluster.ts";
import { checkInvariant } from "../support/fault-invariant.ts";
import { canRun } from "../support/platforms.ts";
import { serversAvailable } from "../support/servers.ts";

const resumeMs = 10_000;

describe.skipIf(!canRun("postgres + redis") || !serversAvailable().canRestartRedis)("F3: Redis", () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster("postgres + redis", { REPOWRIGHT_WORKER_LEASE: "2s" });
    await Promise.all([cluster.start(["api", "scheduler"]), cluster.start(["worker"])]);
  });
  afterAll(() => cluster.close());

  const health = async (status: number): Promise<Record<string, unknown>> =>
    (
      await eventually(`/health to say ${status}`, resumeMs, async () => {
        const answer = await cluster.get("/health");
        return answer.status === status && answer;
      })
    ).body;
  const begun = (id: string): boolean => readLedger(cluster.ledger).some((line) => line.id === id);

  test.each(["kill", "stop"] as const)(
    "%s: jobs are accepted meanwhile, and run when it is back",
    async (how) => {
      const running = await cluster.submit("work", { steps: 4, ms: 200 });
      for (let count = 0; count < 4; count++) await cluster.submit("work", { ms: 50 });
      await eventually("a job to begin", 5_000, async () => begun(running));
      const following = cluster.get(`/v1/jobs/${running}/events?follow=false`);
      await cluster.redis![how]();
      expect(await health(503)).toMatchObject({ status: "unhealthy", db: true, redis: false, queue: false });
      const away = await cluster.post("work", { ms: 10 });
      expect(away.status).toBe(202);
      expect(away.ms).toBeLessThan(2_000);
      // What runs needs no Redis.
      await eventually("the running job to end", 5_000, async () => {
        const { body } = await cluster.get(`/v1/jobs/${running}`);
        return body["status"] === "completed";
      });
      expect((await following).status).toBe(200);
      await cluster.redis!.start();
      const backAt = performance.now();
      await eventually("the job of meanwhile to begin", resumeMs, async () => begun(String(away.body["id"])));
      process.stderr.write(`Redis, ${how}: went on after ${Math.round(performance.now() - backAt)} ms\n`);
      expect(await health(200)).toMatchObject({ status: "healthy", redis: true });
      expect((await checkInvariant(cluster, resumeMs)).broken).toEqual([]);
      expect([...cluster.members].every((member) => member.isUp())).toBe(true);
    },
    60_000,
  );

  test("FLUSHALL while jobs run and wait", async () => {
    for (let count = 0; count < 3; count++) {
      for (let each = 0; each < 5; each++) await cluster.submit("work", { ms: 40 });
      await sleep(50);
      await cluster.redis!.flush();
    }
    expect((await checkInvariant(cluster, resumeMs)).broken).toEqual([]);
  }, 60_000);

  test("processes that start while Redis is away work when it is there", async () => {
    await Promise.all([...cluster.members].map((member) => member.kill()));
    await cluster.redis!.kill();
    await Promise.all([cluster.start(["api", "scheduler"]), cluster.start(["worker"])]);
    const { status, body } = await cluster.post("work", { ms: 10 });
    expect(status).toBe(202);
    // Time enough for the API and the scheduler to have tried.
    await sleep(1_500);
    await cluster.redis!.start();
    await eventually("the job to begin", resumeMs, async () => begun(String(body["id"])));
    const next = await cluster.submit("work", { ms: 10 });
    // Not by a sweep: by a ticket of the API's own.
    await eventually("a job to begin at once", 5_000, async () => begun(next));
    expect((await checkInvariant(cluster, resumeMs)).broken).toEqual([]);
  }, 60_000);

  test("a worker that dies while Redis is away: its job is taken back at once, not only when Redis is back", async () => {
    const worker = [...cluster.members].find((member) => member.roles.includes("worker"));
    const id = await cluster.submit("work", { steps: 10, ms: 300 });
    await eventually("the job to begin", 5_000, async () => begun(id));
    await cluster.redis!.kill();
    await worker!.kill();
    await eventually("the job to be taken back", 6_000, async () => {
      const { body } = await cluster.get(`/v1/jobs/${id}`);
      return body["status"] === "pending";
    });
    await cluster.redis!.start();
    await cluster.start(["worker"]);
    expect((await checkInvariant(cluster, 15_000)).broken).toEqual([]);
  }, 60_000);
});
