import { describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { createRandom, pickSeed, withCluster } from "../support/fault-cluster.ts";
import { checkInvariant, percentile, restartTimes } from "../support/fault-invariant.ts";
import { killAgainAndAgain } from "../support/fault-kills.ts";
import { canRun, modes } from "../support/platforms.ts";

describe.concurrent.each(modes.filter(canRun))("kill -9, %s", (mode) => {
  // Its one process takes a while to be back.
  const kills = mode === "embedded" ? 4 : 6;

  test(
    "F1: of a process that works, again and again: nothing is lost, nothing is done twice",
    () =>
      withCluster(mode, { REPOWRIGHT_WORKER_LEASE: "2s" }, async (cluster) => {
        const killed = await killAgainAndAgain(cluster, kills, createRandom(pickSeed(`kills, ${mode}`)));
        const outcome = await checkInvariant(cluster, 30_000);
        expect(outcome.broken).toEqual([]);
        expect(cluster.accepted.size).toBeGreaterThan(kills);
        const times = restartTimes(outcome.jobs, killed);
        expect(times.length).toBeGreaterThan(0);
        expect(percentile(times, 0.95)).toBeLessThan(10_000);
        const [p50, p95] = [percentile(times, 0.5), percentile(times, 0.95)];
        process.stderr.write(`${mode}: ${kills} kills, begun again p50 ${p50} ms, p95 ${p95} ms\n`);
      }),
    90_000,
  );

  test(
    "F2: of an API between storing a job and telling the queue: the job starts all the same",
    () =>
      withCluster(mode, {}, async (cluster) => {
        const isOne = mode === "embedded";
        const others = isOne ? [] : [cluster.start(["worker"]), cluster.start(["scheduler"])];
        const api = await cluster.start(isOne ? undefined : ["api"], { FAULT_TICKETS: "never" });
        await Promise.all(others);
        const id = await cluster.submit("work", { ms: 10 });
        await api.kill();
        const killedAt = Date.now();
        await cluster.start(isOne ? undefined : ["api"]);
        const job = await eventually("the job to begin", 15_000, async () => {
          const { body } = await cluster.get(`/v1/jobs/${id}`);
          return typeof body["startedAt"] === "string" ? body : null;
        });
        expect(Date.parse(String(job["startedAt"])) - killedAt).toBeLessThan(15_000);
        expect((await checkInvariant(cluster, 15_000)).broken).toEqual([]);
      }),
    60_000,
  );
});
