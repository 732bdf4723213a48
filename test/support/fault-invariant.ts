import { setTimeout as sleep } from "node:timers/promises";
import type { Attempt, Job, JobEvent, Step } from "../../src/contracts/job.ts";
import { isFinal } from "../../src/core/jobs/job-row.ts";
import { readLedger, type Cluster } from "./fault-cluster.ts";

/** What was seen of the jobs from outside when all of them had ended. */
export interface Outcome {
  readonly jobs: readonly SeenJob[];
  /** Everything that breaks the invariant, in words; empty when it holds. */
  readonly broken: readonly string[];
  readonly lost: number;
  readonly duplicateEffects: number;
}

export interface SeenJob extends Job {
  readonly attempts: readonly Attempt[];
  readonly steps: readonly Step[];
}

/** Follows every acknowledged job until it has ended, or for `timeoutMs`, and checks what must hold of each. */
export async function checkInvariant(cluster: Cluster, timeoutMs: number): Promise<Outcome> {
  const jobs = await followAll(cluster, timeoutMs);
  const broken: string[] = [];
  let lost = 0;
  for (const [id, kind] of cluster.accepted) {
    const job = jobs.get(id);
    if (!job || !isFinal(job.status)) {
      lost++;
      broken.push(`${kind} ${id} was accepted and is ${JSON.stringify(job ?? "gone")}`);
    } else broken.push(...(await checkJob(cluster, job)));
  }
  const duplicateEffects = checkLedger(cluster, jobs, broken);
  return { jobs: [...jobs.values()], broken, lost, duplicateEffects };
}

async function followAll(cluster: Cluster, timeoutMs: number): Promise<Map<string, SeenJob>> {
  const ended = new Map<string, SeenJob>();
  const end = performance.now() + timeoutMs;
  for (;;) {
    const open = [...cluster.accepted.keys()].filter((id) => !isFinal(ended.get(id)?.status ?? "pending"));
    for (let at = 0; at < open.length; at += 20)
      await Promise.all(
        open.slice(at, at + 20).map(async (id) => {
          const { status, body } = await cluster.get(`/v1/jobs/${id}`);
          if (status === 200) ended.set(id, body as unknown as SeenJob);
        }),
      );
    const isDone = open.every((id) => isFinal(ended.get(id)?.status ?? "pending"));
    if (isDone || performance.now() > end) return ended;
    await sleep(100);
  }
}

/** Job, attempts and events must tell the same story. */
async function checkJob(cluster: Cluster, job: SeenJob): Promise<string[]> {
  const broken: string[] = [];
  const expect = (isMet: boolean, what: string): void => {
    if (!isMet) broken.push(`${job.kind} ${job.id}: ${what}`);
  };
  const { attempts } = job;
  expect(
    attempts.map((each) => each.attempt).join() === attempts.map((_, index) => index + 1).join(),
    `attempts are numbered ${attempts.map((each) => each.attempt).join()}`,
  );
  expect(attempts.length === job.attempt, `${attempts.length} attempts, the job says ${job.attempt}`);
  expect(
    attempts.every((each) => each.outcome !== null && each.finishedAt !== null),
    `an attempt never ended: ${attempts.map((each) => each.outcome).join()}`,
  );
  const completions = attempts.filter((each) => each.outcome === "completed").length;
  expect(completions === (job.status === "completed" ? 1 : 0), `${completions} attempts completed it`);
  const result = await cluster.get(`/v1/jobs/${job.id}/result`);
  expect(result.status === (job.status === "completed" ? 200 : 409), `its result answers ${result.status}`);
  if (job.kind === "work") {
    expect(job.status === "completed", `${job.status}: ${JSON.stringify(job.error)}`);
    expect(JSON.stringify(result.body) === '{"done":true}', `its result is ${JSON.stringify(result.body)}`);
  }
  const { body } = await cluster.get(`/v1/jobs/${job.id}/events?follow=false&limit=1000`);
  const events = (body["items"] ?? []) as readonly JobEvent[];
  expect(
    events.length > 0 && events.every((event, index) => event.seq === index + 1),
    `events are numbered ${events.map((event) => event.seq).join()}`,
  );
  for (const step of job.steps) {
    const until = attempts[step.attempt - 1]?.finishedAt ?? "";
    expect(
      step.finishedAt !== null && step.finishedAt <= until,
      `${step.name} was written at ${step.finishedAt} by attempt ${step.attempt}, which had ended at ${until}`,
    );
  }
  let current = 0;
  for (const event of events)
    if (event.type === "state")
      current = event.data["status"] === "processing" ? Number(event.data["attempt"]) : 0;
    else
      expect(
        event.data["attempt"] === current,
        `event ${event.seq} is of attempt ${String(event.data["attempt"])} while ${current} was the current one`,
      );
  const states = events.filter((event) => event.type === "state");
  expect(
    states.at(-1)?.data["status"] === job.status,
    `the last event says ${JSON.stringify(states.at(-1))}`,
  );
  expect(
    states.filter((event) => event.data["status"] === "processing").length === attempts.length,
    "events tell of another number of attempts",
  );
  return broken;
}

/** Each `work` job must have had its effect once, and must not have been begun but by attempts that are known. */
function checkLedger(cluster: Cluster, jobs: ReadonlyMap<string, SeenJob>, broken: string[]): number {
  const lines = readLedger(cluster.ledger);
  const effects = Map.groupBy(
    lines.filter((line) => line.what === "effect"),
    (line) => line.id,
  );
  let duplicates = 0;
  for (const [id, kind] of cluster.accepted) {
    if (kind !== "work" || jobs.get(id)?.status !== "completed") continue;
    const count = effects.get(id)?.length ?? 0;
    if (count > 1) duplicates++;
    if (count !== 1) broken.push(`work ${id} had its effect ${count} times`);
  }
  return duplicates;
}

/** From the kill of a process until each job that it ran was begun anew, by whichever attempt came next. */
export function restartTimes(
  jobs: readonly SeenJob[],
  kills: readonly { readonly pid: number; readonly at: number }[],
): readonly number[] {
  return kills.flatMap(({ pid, at }) =>
    jobs.flatMap((job) => {
      const lost = job.attempts.findIndex(
        (each) =>
          each.workerId.includes(`-${pid}-`) && each.outcome === "lost" && Date.parse(each.startedAt) <= at,
      );
      const next = job.attempts[lost + 1];
      return lost === -1 || !next ? [] : [Date.parse(next.startedAt) - at];
    }),
  );
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0);
}
