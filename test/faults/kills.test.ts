import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { createRandom, eventually, pickSeed, startCluster, type Cluster } from "../support/fault-cluster.ts";
import { checkInvariant, percentile, restartTimes } from "../support/fault-invariant.ts";
import { killAgainAndAgain } from "../support/fault-kills.ts";
import { canRun, modes } from "../support/platforms.ts";

const kills = 6;

describe.each(modes.filter(canRun))("kill -9, %s", (mode) => {
  let cluster: Cluster | null = null;
  afterEach(async () => {
    await cluster?.close();
    cluster = null;
  });

  test("F1: of a process that works, again and again: nothing is lost, nothing is done twice", async () => {
    cluster = await startCluster(mode, { REPOWRIGHT_WORKER_LEASE: "2s" });
    const killed = await killAgainAndAgain(cluster, kills, createRandom(pickSeed(`kills, ${mode}`)));
    const outcome = await checkInvariant(cluster, 30_000);
    expect(outcome.broken).toEqual([]);
    expect(cluster.accepted.size).toBeGreaterThan(kills);
    const times = restartTimes(outcome.jobs, killed);
    expect(times.length).toBeGreaterThan(0);
    expect(percentile(times, 0.95)).toBeLessThan(10_000);
  }, 90_000);

  test("F2: of an API between storing a job and telling the queue: the job starts all the same", async () => {
    cluster = await startCluster(mode);
    const isOne = mode === "embedded";
    const others = isOne ? [] : [cluster.start(["worker"]), cluster.start(["scheduler"])];
    const api = await cluster.start(isOne ? undefined : ["api"], { FAULT_TICKETS: "never" });
    await Promise.all(others);
    const id = await cluster.submit("work", { ms: 10 });
    await api.kill();
    const killedAt = Date.now();
    await cluster.start(isOne ? undefined : ["api"]);
    const job = await eventually("the job to begin", 15_000, async () => {
      const { body } = await cluster!.get(`/v1/jobs/${id}`);
      return typeof body["startedAt"] === "string" ? body : null;
    });
    expect(Date.parse(String(job["startedAt"])) - killedAt).toBeLessThan(15_000);
    await sleep(0);
    expect((await checkInvariant(cluster, 15_000)).broken).toEqual([]);
  }, 60_000);
});
