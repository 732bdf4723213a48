import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isRunning } from "../support/child-processes.ts";
import { eventually } from "../support/eventually.ts";
import { request, withCluster } from "../support/fault-cluster.ts";
import { checkInvariant } from "../support/fault-invariant.ts";
import { canRun, modes, type Mode } from "../support/platforms.ts";

const poison = { die: "worker-lost", exit: "worker-lost", loop: "time-limit", eat: "memory-limit" } as const;
const mostDeaths = 3;

/** What carries the queue matters little here: the mode where one process does all, and the one with most parts. */
const tried: readonly Mode[] = modes.filter((mode) => canRun(mode) && mode !== "postgres");

describe.concurrent.each(tried)("F11: poison, %s", (mode) => {
  test(
    "it ends as a dead letter with its reason, and harms nobody",
    () =>
      withCluster(mode, { REPOWRIGHT_WORKER_MEMORY: "400mb" }, async (cluster) => {
        const member = await cluster.start();
        const kinds = Object.keys(poison) as (keyof typeof poison)[];
        for (const kind of kinds) await cluster.submit(kind);
        for (let count = 0; count < 6; count++) await cluster.submit("work", { steps: 2, ms: 100 });
        const slowest = { ms: 0 };
        let isOver = false;
        const probing = (async () => {
          while (!isOver) {
            const { status, ms } = await request(`${member.url}/health/live`);
            slowest.ms = Math.max(slowest.ms, status === 200 ? ms : Infinity);
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
        })();
        const outcome = await checkInvariant(cluster, 30_000);
        isOver = true;
        await probing;
        expect(outcome.broken).toEqual([]);
        process.stderr.write(`${mode}: /health/live within ${Math.round(slowest.ms)} ms beside poison\n`);
        for (const kind of kinds) {
          const job = outcome.jobs.find((each) => each.kind === kind)!;
          expect(job).toMatchObject({ status: "failed", error: { code: poison[kind] } });
          expect(job.attempts.length).toBeLessThanOrEqual(mostDeaths);
        }
        for (const job of outcome.jobs.filter((each) => each.kind === "work"))
          expect(job.attempts).toMatchObject([{ outcome: "completed" }]);
        expect(slowest.ms).toBeLessThan(500);
        expect(member.isUp()).toBe(true);
      }),
    60_000,
  );
});

test.concurrent(
  "a job that loops does not outlive a worker that is killed",
  () =>
    withCluster("embedded", {}, async (cluster) => {
      const member = await cluster.start();
      await cluster.submit("loop");
      const children = await eventually("the job's process to be busy", 10_000, async () => {
        const found = childrenOf(member.pid);
        return found.some((pid) => cpuTicks(pid) > 60) && found;
      });
      await member.kill();
      await eventually("its processes to end", 8_000, async () => !children.some(isRunning));
    }),
  60_000,
);

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8")
      .trim()
      .split(" ")
      .filter(Boolean)
      .map(Number),
  );
}

/** Time on the processor, in hundredths of a second. */
function cpuTicks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}
