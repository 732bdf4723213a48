import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { eventually } from "../support/eventually.ts";
import { readLedger, withCluster, type Cluster } from "../support/fault-cluster.ts";
import { freezeWorker } from "../support/fault-freeze.ts";
import { checkInvariant } from "../support/fault-invariant.ts";
import { canRun } from "../support/platforms.ts";
import { locate } from "../support/servers.ts";

/**
 * What takes longer than a suite may: a worker that is stopped for a minute (F14), and long outages of Redis (F3) and
 * PostgreSQL (F4). `node test/faults/long.ts [--seconds 60]`; exits with 1 when something is lost, done twice or late.
 */
const { values } = parseArgs({ options: { seconds: { type: "string", default: "60" } } });
const outageMs = Number(values.seconds) * 1_000;
const resumeMs = 10_000;
const mode = "postgres + redis";
await locate();
if (!canRun(mode)) throw new Error("This needs PostgreSQL and Redis.");

let isBroken = false;
process.stdout.write("| fault | seen | broken |\n|---|---|---|\n");

await withCluster(mode, {}, async (cluster) => {
  const seen = await freezeWorker(cluster, outageMs);
  report(
    `SIGSTOP of a worker for ${values.seconds} s`,
    `taken over after ${Math.round(seen.takenOverMs)} ms, late writes ${seen.refused ? "refused" : "accepted"}`,
    seen.refused ? seen.outcome.broken : ["late writes were accepted"],
  );
});
await withCluster(mode, {}, async (cluster) => {
  await cluster.start(["api", "scheduler"]);
  await cluster.start(["worker"]);
  await outage(
    "Redis",
    cluster,
    () => cluster.redis!.kill(),
    () => cluster.redis!.start(),
  );
  await outage(
    "PostgreSQL",
    cluster,
    () => cluster.postgres!.kill(),
    () => cluster.postgres!.start(),
  );
});
process.exit(isBroken ? 1 : 0);

async function outage(
  name: string,
  cluster: Cluster,
  stop: () => Promise<void>,
  start: () => Promise<void>,
): Promise<void> {
  for (let count = 0; count < 10; count++) await cluster.submit("work", { steps: 5, ms: 300 });
  await stop();
  const until = performance.now() + outageMs;
  const answers = new Map<number, number>();
  while (performance.now() < until) {
    const { status } = await cluster.post("work", { steps: 1, ms: 1 });
    answers.set(status, (answers.get(status) ?? 0) + 1);
    await sleep(500);
  }
  await start();
  const backAt = performance.now();
  const before = begun(cluster);
  // What came meanwhile goes first, so any job will do.
  await cluster.submit("work", { steps: 1, ms: 1 });
  await eventually("jobs to begin", 60_000, async () => begun(cluster) > before);
  const wentOnMs = performance.now() - backAt;
  const { broken } = await checkInvariant(cluster, 60_000);
  const told = [...answers].map(([status, count]) => `${count} × ${status}`).join(", ");
  report(
    `${name} away for ${values.seconds} s`,
    `requests meanwhile: ${told}; went on ${Math.round(wentOnMs)} ms after it was back`,
    wentOnMs > resumeMs ? [...broken, "late"] : broken,
  );
}

function begun(cluster: Cluster): number {
  return readLedger(cluster.ledger).filter((line) => line.what === "begin").length;
}

function report(fault: string, seen: string, broken: readonly string[]): void {
  if (broken.length > 0) isBroken = true;
  process.stdout.write(`| ${fault} | ${seen} | ${broken.join("; ") || "nothing"} |\n`);
}
