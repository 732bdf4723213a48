import { setTimeout as sleep } from "node:timers/promises";
import { readLedger, type Cluster, type Member } from "./fault-cluster.ts";

export interface Kill {
  readonly pid: number;
  /** Of the clock on the wall, as the attempts have it. */
  readonly at: number;
}

/** Of each beside each other, where there may be several: one is left when one is killed. */
const workers = 2;
const schedulers = 2;
/** Jobs that wait or run at once. */
const most = 10;

/**
 * Kills processes that work, at random moments, and starts new ones, while jobs keep coming. Where one process does all,
 * that one; else workers mostly, and at times the API or the scheduler.
 */
export async function killAgainAndAgain(
  cluster: Cluster,
  kills: number,
  random: () => number,
): Promise<readonly Kill[]> {
  const isOne = cluster.mode === "embedded";
  await Promise.all(
    isOne
      ? [cluster.start()]
      : [
          cluster.start(["api"]),
          ...Array.from({ length: schedulers }, () => cluster.start(["scheduler"])),
          ...Array.from({ length: workers }, () => cluster.start(["worker"])),
        ],
  );
  let isOver = false;
  const posting = (async () => {
    const open = new Set<Promise<unknown>>();
    while (!isOver) {
      const steps = 1 + Math.floor(random() * 4);
      const ms = 20 + Math.floor(random() * 180);
      const one: Promise<unknown> = cluster.submit("work", { steps, ms }).finally(() => open.delete(one));
      open.add(one);
      if (open.size >= most) await Promise.race(open);
      await sleep(40 + random() * 120);
      while (!isOver && cluster.accepted.size - effects(cluster) >= most) await sleep(50);
    }
    await Promise.all(open);
  })();
  const done: Kill[] = [];
  while (done.length < kills) {
    await sleep(200 + random() * 800);
    const victim = pick(cluster, random, isOne);
    if (!victim) throw new Error("Nobody is left to be killed.");
    done.push({ pid: victim.pid, at: Date.now() });
    await victim.kill();
    // Faster than they come up there would soon be nobody who works.
    await cluster.start(victim.roles);
  }
  isOver = true;
  await posting;
  return done;
}

function pick(cluster: Cluster, random: () => number, isOne: boolean): Member | undefined {
  const up = [...cluster.members].filter((member) => member.isUp());
  const working = up.filter((member) => isOne || member.roles.includes("worker"));
  const victims = random() < 0.8 ? working : up;
  return victims[Math.floor(random() * victims.length)];
}

function effects(cluster: Cluster): number {
  return readLedger(cluster.ledger).filter((line) => line.what === "effect").length;
}
