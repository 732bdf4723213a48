import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createTracing } from "../../src/adapters/opentelemetry/tracing.ts";
import { createMetrics } from "../../src/adapters/prometheus/metrics.ts";
import type { Database } from "../../src/contracts/database.ts";
import type { Job } from "../../src/contracts/job.ts";
import type { AttemptEnd, JobRunner } from "../../src/contracts/job-runner.ts";
import type { Platform } from "../../src/contracts/platform.ts";
import { claimJob, reclaimLost } from "../../src/core/jobs/attempts.ts";
import { isFinal } from "../../src/core/jobs/job-row.ts";
import { startScheduler } from "../../src/core/jobs/scheduler.ts";
import { storeJobs, type NewJob } from "../../src/core/jobs/store-jobs.ts";
import { startWorker, type Worker } from "../../src/core/jobs/worker.ts";
import { eventually } from "../support/eventually.ts";
import { createRandom, pickSeed } from "../support/fault-cluster.ts";
import { kindsOf, testKind } from "../support/job-kinds.ts";
import { canRun, modes, startMode, type TestMode } from "../support/platforms.ts";
import { silentLog } from "../support/silent-log.ts";

const kinds = kindsOf(testKind("any", async () => null, { concurrency: 4, attempts: 3 }));

/** Moments that come together seldom, brought together on purpose. */
describe.concurrent.each(modes.filter(canRun))("races, %s", (name) => {
  describe("one by one", { concurrent: false }, () => {
    let mode: TestMode;
    let platform: Platform;
    const workers: Worker[] = [];
    beforeAll(async () => {
      mode = await startMode(name);
      platform = await mode.open(kinds);
    }, 60_000);
    afterEach(async () => {
      await Promise.all(workers.splice(0).map((worker) => worker.drain(0)));
    });
    afterAll(() => mode.close());

    async function work(run: JobRunner["run"], leaseMs: number, database: Database = platform.database) {
      const worker = await startWorker(
        {
          ...platform,
          database,
          runner: { run, async close() {} },
          kinds,
          log: silentLog,
          metrics: createMetrics(),
          tracing: await createTracing({ endpoint: "", service: "test", version: "0" }),
          random: () => 0,
        },
        { id: `worker-${Math.random()}`, host: "test", pid: 1, leaseMs, concurrencyOf: () => 4 },
      );
      workers.push(worker);
      return worker;
    }

    const start = async (): Promise<Job> =>
      (await platform.jobs.start({ kind: "any" }, { caller: "me", allowsLocalSources: false })).job;
    const attempts = async (id: string) => (await platform.jobs.attempts(id)).attempts;

    test("two attempts of one job in one worker: the first is stopped, the second keeps its lease", async () => {
      const signals: AbortSignal[] = [];
      const leaseMs = 600;
      await work((task, _, signal) => {
        signals.push(signal);
        // The first one is slow to stop.
        return new Promise<AttemptEnd>((resolve) =>
          signal.addEventListener("abort", () =>
            setTimeout(
              () =>
                resolve({
                  kind: "failed",
                  error: { code: "cancelled", message: "", help: "", retry: false },
                }),
              task.attempt === 1 ? 300 : 0,
            ),
          ),
        );
      }, leaseMs);
      const job = await start();
      await eventually("the first attempt", 8_000, async () => signals.length === 1);
      // As after a long stop: the lease ran out, and the sweeper was quicker than the worker's own heartbeat.
      await platform.database.query("update jobs set lease_until = now() - interval '1 s' where id = $1", [
        job.id,
      ]);
      expect(await reclaimLost(platform.database, false)).toEqual([job.id]);
      await platform.dispatcher.add("any", 1);
      await eventually("the second attempt", 8_000, async () => signals.length === 2);
      await eventually("the first to be told to stop", 2_000, async () => signals[0]!.aborted);
      await sleep(leaseMs * 2);
      expect(await reclaimLost(platform.database, false)).toEqual([]);
      expect(signals[1]!.aborted).toBe(false);
      await platform.jobs.cancel(job.id);
      await eventually("the second to be told to stop", 2_000, async () => signals[1]!.aborted);
      expect((await attempts(job.id)).map((each) => each.outcome)).toEqual(["lost", "cancelled"]);
    });

    test("a drain that begins while a job is claimed puts it back", async () => {
      let claimed = (): void => {};
      const isClaiming = new Promise<void>((resolve) => (claimed = resolve));
      const slow: Database = {
        ...platform.database,
        async query(sql, parameters) {
          const rows = await platform.database.query(sql, parameters);
          if (sql.includes("claimed as") && rows.length > 0) {
            claimed();
            await sleep(300);
          }
          return rows as never;
        },
      };
      const stopped: AttemptEnd = {
        kind: "failed",
        error: { code: "shutting-down", message: "", help: "", retry: true },
      };
      const worker = await work(
        (_, __, signal) =>
          new Promise((resolve) => {
            if (signal.aborted) resolve(stopped);
            else signal.addEventListener("abort", () => resolve(stopped));
          }),
        10_000,
        slow,
      );
      const job = await start();
      await isClaiming;
      await worker.drain(5_000);
      expect(await platform.jobs.get(job.id)).toMatchObject({ status: "pending" });
      expect((await attempts(job.id)).map((each) => each.outcome)).toEqual(["released"]);
      await platform.jobs.cancel(job.id);
    });

    test("a cancel that waits for a claim closes the attempt that it could not see yet", async () => {
      const job = await start();
      let cancelling: Promise<unknown> = Promise.resolve();
      await platform.database.transaction(async (transaction) => {
        const claimed = await claimJob(transaction as Database, "any", { id: "claimer", leaseMs: 10_000 });
        expect(claimed).toMatchObject({ id: job.id });
        cancelling = platform.jobs.cancel(job.id);
        await sleep(200);
      });
      await cancelling;
      expect((await attempts(job.id)).map((each) => [each.workerId, each.outcome])).toEqual([
        ["claimer", "cancelled"],
      ]);
    });

    test("the same deliveries, repositories and twins in opposite orders do not wait for each other", async () => {
      const make = (round: number, number: number, writer: string): NewJob => ({
        id: `${writer}-${round}-${number}`,
        kind: "any",
        caller: "me",
        repository: { id: `${writer}-${number}`, source: `https://example.com/${number}`, name: "x" },
        rev: null,
        options: {},
        dedupeKey: number % 2 === 0 ? `${round}-${number}` : null,
        priority: 0,
        maxAttempts: 1,
        requestId: null,
        traceParent: null,
        delivery: number % 3 === 0 ? { origin: "api:me", key: `${round}-${number}`, bodyHash: "same" } : null,
        delayMs: 0,
      });
      const size = 60;
      // Slow enough for both to be in the middle of it.
      if (name !== "embedded")
        await platform.database.script(
          `create function slow_down() returns trigger language plpgsql as 'begin perform pg_sleep(0.002); return new; end';
         create trigger slow_down before insert on deliveries for each row execute function slow_down();
         create trigger slow_down before insert or update on repositories for each row execute function slow_down();
         create trigger slow_down before insert on jobs for each row execute function slow_down()`,
        );
      for (let round = 0; round < 2; round++) {
        const one = Array.from({ length: size }, (_, number) => make(round, number, "a"));
        const other = Array.from({ length: size }, (_, number) => make(round, number, "b")).toReversed();
        const [first, second] = await Promise.all([
          storeJobs(platform.database, one),
          storeJobs(platform.database, other),
        ]);
        const idOf = (stored: (typeof first)[number]): string =>
          stored.kind === "stored" ? stored.row.id : "";
        const twins = one.map(
          (_, number) => [idOf(first[number]!), idOf(second[size - 1 - number]!)] as const,
        );
        for (const [number, [left, right]] of twins.entries())
          expect(left === right).toBe(number % 2 === 0 || number % 3 === 0);
      }
      if (name !== "embedded") await platform.database.script("drop function slow_down() cascade");
      await platform.database.query("delete from jobs");
    }, 30_000);

    test("whatever is done to jobs while leases run out: jobs, attempts and events tell one story", async () => {
      const random = createRandom(pickSeed(`races, ${name}`));
      const running: JobRunner["run"] = async (_, hooks, signal) => {
        const ends: readonly AttemptEnd[] = [
          { kind: "completed", result: "1" },
          { kind: "completed", result: "1" },
          { kind: "failed", error: { code: "network-unreachable", message: "", help: "", retry: true } },
          { kind: "crashed", message: "" },
          { kind: "waiting", name: "x", question: "?" },
        ];
        hooks.progress(0.5, "half");
        await sleep(random() * 60, undefined, { signal }).catch(() => {});
        await hooks
          .saveStep("x", { inputHash: "", isFinished: true, isEffect: false, output: 1 })
          .catch(() => {});
        return ends[Math.floor(random() * ends.length)]!;
      };
      // Leases shorter than some attempts take to be written, and no heartbeat that would renew them.
      await work(running, 40);
      await work(running, 100_000);
      const scheduler = await startScheduler(
        { ...platform, log: silentLog },
        {
          leaseMs: 50,
          finishedMs: 1e9,
          failedMs: 1e9,
          callsMs: 1e9,
          timetable: [],
          isAlone: name === "embedded",
        },
      );
      const ids: string[] = [];
      const { jobs } = platform;
      const doSomething = async (): Promise<void> => {
        const id = ids[Math.floor(random() * ids.length)]!;
        const chance = random();
        if (chance < 0.25) await jobs.cancel(id);
        else if (chance < 0.5) await jobs.retry(id);
        else if (chance < 0.75) await jobs.decide(id, { isApproved: chance < 0.7, comment: null });
        else if (chance < 0.8) await jobs.delete(id);
        else await reclaimLost(platform.database, false);
      };
      const deadline = performance.now() + 1_500;
      while (performance.now() < deadline) {
        ids.push((await start()).id);
        await Promise.allSettled([doSomething(), doSomething(), doSomething()]);
        await sleep(random() * 15);
      }
      const rest = new Set(ids);
      await eventually("all jobs to end", 15_000, async () => {
        for (const id of rest) {
          const job = await jobs.get(id).catch(() => null);
          if (job?.status === "waiting") await jobs.cancel(id).catch(() => {});
          if (!job || isFinal(job.status)) rest.delete(id);
        }
        return rest.size === 0;
      });
      await scheduler.stop();
      await Promise.all(workers.splice(0).map((worker) => worker.drain(1_000)));
      const broken = await platform.database.query(
        `select jobs.id, jobs.status, jobs.attempt, jobs.event_seq, a.count, a.open, a.completed, e.events, e.last
       from jobs,
       lateral (select count(*)::int as count, count(*) filter (where outcome is null)::int as open,
         count(*) filter (where outcome = 'completed')::int as completed from attempts where job_id = jobs.id) a,
       lateral (select count(*)::int as events, max(seq)::int as last from events where job_id = jobs.id) e
       where a.count <> jobs.attempt or a.open > 0 or a.completed <> case when jobs.status = 'completed' then 1 else 0 end
         or e.events <> jobs.event_seq or e.last <> jobs.event_seq
         or (exists (select from results where job_id = jobs.id)) <> (jobs.status = 'completed')
         or jobs.worker_id is not null or jobs.lease_until is not null or jobs.finished_at is null`,
      );
      expect(broken).toEqual([]);
      await platform.database.query("delete from jobs");
    }, 40_000);
  });
});
