import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { readLedger, withCluster } from "../support/fault-cluster.ts";
import { freezeWorker } from "../support/fault-freeze.ts";
import { checkInvariant } from "../support/fault-invariant.ts";
import { canRun, modes } from "../support/platforms.ts";

const lease = { REPOWRIGHT_WORKER_LEASE: "1s" };

describe.concurrent.each(modes.filter(canRun))("F14: SIGSTOP, %s", (mode) => {
  test.skipIf(mode === "embedded")(
    "a worker that was stopped for longer than its lease writes nothing of what was given to another",
    () =>
      withCluster(mode, lease, async (cluster) => {
        const seen = await freezeWorker(cluster, 3_000);
        expect(seen.refused).toBe(true);
        expect(seen.takenOverMs).toBeLessThan(6_000);
        expect(seen.outcome.broken).toEqual([]);
        expect(seen.isUsefulAfterwards).toBe(true);
      }),
    60_000,
  );

  test(
    "a process that does everything goes on with what it has",
    () =>
      withCluster(mode, lease, async (cluster) => {
        const member = await cluster.start();
        const ids = await Promise.all([1, 2].map(() => cluster.submit("work", { steps: 4, ms: 300 })));
        await eventually("jobs to begin", 10_000, async () =>
          readLedger(cluster.ledger).some((line) => ids.includes(line.id)),
        );
        member.signal("SIGSTOP");
        await sleep(2_000);
        member.signal("SIGCONT");
        expect((await checkInvariant(cluster, 15_000)).broken).toEqual([]);
        expect(member.isUp()).toBe(true);
      }),
    60_000,
  );
});
