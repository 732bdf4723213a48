import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { readLedger, request, withCluster, type Cluster } from "../support/fault-cluster.ts";
import { checkInvariant } from "../support/fault-invariant.ts";
import { canRun, modes } from "../support/platforms.ts";
import { serversAvailable } from "../support/servers.ts";

const drainMs = 2_000;
/** Attempts that were told to stop, and their writing. */
const endingMs = 7_000;

describe.concurrent.each(modes.filter(canRun))("F13: SIGTERM, %s", (mode) => {
  const begun = (cluster: Cluster, id: string): boolean =>
    readLedger(cluster.ledger).some((line) => line.id === id);

  test(
    "under load: what was accepted is done, by this process or the next",
    () =>
      withCluster(mode, { REPOWRIGHT_SERVER_DRAIN_TIMEOUT: `${drainMs}ms` }, async (cluster) => {
        const member = await cluster.start();
        const short = await cluster.submit("work", { steps: 2, ms: 400 });
        const long = await cluster.submit("work", { steps: 18, ms: 200 });
        await eventually("both to begin", 5_000, async () => begun(cluster, short) && begun(cluster, long));
        const statuses: number[] = [];
        let isOver = false;
        const posting = Array.from({ length: 3 }, async () => {
          while (!isOver) {
            const { status } = await cluster.post("work", { steps: 1, ms: 1 });
            statuses.push(status);
            await sleep(40);
          }
        });
        await sleep(300);
        member.signal("SIGTERM");
        const began = performance.now();
        expect(await member.ended).toEqual({ code: 0, signal: null });
        const tookMs = performance.now() - began;
        isOver = true;
        await Promise.all(posting);
        expect(tookMs).toBeLessThan(drainMs + endingMs);
        expect(statuses.filter((status) => ![202, 503, 0].includes(status))).toEqual([]);
        expect(statuses).toContain(202);
        process.stderr.write(
          `${mode}: ${cluster.accepted.size} accepted, drained in ${Math.round(tookMs)} ms\n`,
        );
        await cluster.start();
        const outcome = await checkInvariant(cluster, 40_000);
        expect(outcome.broken).toEqual([]);
        const attemptsOf = (id: string) => outcome.jobs.find((job) => job.id === id)!.attempts;
        expect(attemptsOf(short)).toMatchObject([{ outcome: "completed" }]);
        expect(attemptsOf(long)).toMatchObject([
          { outcome: "released", error: null },
          { outcome: "completed" },
        ]);
        // Nothing was left to be found by its lease.
        expect(outcome.jobs.flatMap((job) => job.attempts).filter((each) => each.outcome === "lost")).toEqual(
          [],
        );
      }),
    90_000,
  );

  test.skipIf(mode !== "postgres" || !serversAvailable().canRestartPostgres)(
    "while the database is away: the process ends all the same",
    () =>
      withCluster(mode, { REPOWRIGHT_SERVER_DRAIN_TIMEOUT: "500ms" }, async (cluster) => {
        const member = await cluster.start();
        const id = await cluster.submit("work", { steps: 8, ms: 150 });
        await eventually("the job to begin", 5_000, async () => begun(cluster, id));
        await cluster.postgres!.kill();
        expect((await request(`${member.url}/health/live`)).status).toBe(200);
        member.signal("SIGTERM");
        const began = performance.now();
        await member.ended;
        expect(performance.now() - began).toBeLessThan(500 + endingMs + 3_000);
        await cluster.postgres!.start();
        await cluster.start();
        expect((await checkInvariant(cluster, 30_000)).broken).toEqual([]);
      }),
    60_000,
  );
});
