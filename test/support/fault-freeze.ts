import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "./eventually.ts";
import { type Cluster } from "./fault-cluster.ts";
import { checkInvariant, type Outcome, type SeenJob } from "./fault-invariant.ts";

export interface Thaw {
  /** Whether the stopped worker was told that its attempt is no longer the current one. */
  readonly refused: boolean;
  /** From the stop until another worker began. */
  readonly takenOverMs: number;
  readonly outcome: Outcome;
  readonly isUsefulAfterwards: boolean;
}

/** Stops the worker that runs a job for `stopMs`, lets another take over, and wakes it. */
export async function freezeWorker(cluster: Cluster, stopMs: number): Promise<Thaw> {
  const [, ...workers] = await Promise.all([
    cluster.start(["api", "scheduler"]),
    cluster.start(["worker"]),
    cluster.start(["worker"]),
  ]);
  const id = await cluster.submit("work", { steps: 5, ms: 300 });
  const read = async (): Promise<SeenJob> => (await cluster.get(`/v1/jobs/${id}`)).body as unknown as SeenJob;
  const first = await eventually("the job to begin", 10_000, async () => (await read()).attempts?.[0]);
  const frozen = workers.find((worker) => first.workerId.includes(`-${worker.pid}-`))!;
  frozen.signal("SIGSTOP");
  const stoppedAt = performance.now();
  await eventually("another worker to begin", 15_000, async () => (await read()).attempts[1]);
  const takenOverMs = performance.now() - stoppedAt;
  await sleep(Math.max(0, stopMs - takenOverMs));
  frozen.signal("SIGCONT");
  const refused = await eventually("the late attempt to end", 15_000, async () =>
    frozen.said().includes("superseded"),
  );
  const outcome = await checkInvariant(cluster, 15_000);
  for (const worker of workers) if (worker !== frozen) await worker.kill();
  const next = await cluster.submit("work", { steps: 1, ms: 1 });
  const isUsefulAfterwards = await eventually("the woken worker to work", 15_000, async () => {
    const { body } = await cluster.get(`/v1/jobs/${next}`);
    return body["status"] === "completed";
  });
  return { refused, takenOverMs, outcome, isUsefulAfterwards };
}
