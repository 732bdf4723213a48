import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMetrics } from "../../src/adapters/prometheus/metrics.ts";
import { createTracing } from "../../src/adapters/opentelemetry/tracing.ts";
import { headRefOf, type PullRequest } from "../../src/contracts/code-host.ts";
import type { Platform } from "../../src/contracts/platform.ts";
import type { PullNews } from "../../src/contracts/pulls.ts";
import type { Services } from "../../src/contracts/services.ts";
import { createInlineRunner } from "../../src/core/jobs/inline-runner.ts";
import { retain } from "../../src/core/jobs/sweep.ts";
import { startWorker } from "../../src/core/jobs/worker.ts";
import { eventually } from "../support/eventually.ts";
import { untilAborted } from "../support/job-kinds.ts";
import { canRun, modes, startMode, type TestMode } from "../support/platforms.ts";
import { silentLog } from "../support/silent-log.ts";
import { openWebhookPlatform, reviewKinds, sha } from "../support/webhooks.ts";

/** What every mode must make of news of pull requests, whoever brings it, how often and in which order. */
describe.each(modes.filter(canRun))("pull requests, %s", (name) => {
  let mode: TestMode;
  let platform: Platform;
  /** The same database as another process has it; embedded there is none. */
  let other: Platform;
  const begun: string[] = [];
  const kinds = reviewKinds(async (context) => {
    begun.push(context.id);
    return untilAborted(context.signal);
  });

  beforeAll(async () => {
    mode = await startMode(name);
    platform = await openWebhookPlatform(mode, kinds);
    other = name === "embedded" ? platform : await openWebhookPlatform(mode, kinds);
  }, 60_000);
  afterAll(() => mode.close());

  let deliveries = 0;
  const tell = (news: PullNews, deliveryKey: string | null = `d${++deliveries}`, on = platform) =>
    on.stores.pulls.receive(news, { deliveryKey, requestId: null, traceParent: null });
  const statuses = async (number: number): Promise<readonly string[]> =>
    (await platform.jobs.list({}, { limit: 100 })).items
      .filter((job) => (job.options["pull"] as { number: number }).number === number)
      .map((job) => `${job.rev!.slice(-2)} ${job.status}`)
      .toReversed();

  test("a hundred deliveries of one head, at once from two processes and later, make one review", async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        tell(review(1, sha(1)), `many-${index}`, index % 2 ? platform : other),
      ),
    );
    expect(outcomes.filter((each) => each.isNew)).toHaveLength(1);
    const first = outcomes.find((each) => each.isNew)!;
    expect(new Set(outcomes.map((each) => each.jobId))).toEqual(new Set([first.jobId]));
    // Later, after it has begun or even ended, and after the job was deleted.
    expect(await tell(review(1, sha(1), { trigger: "reopened" }))).toMatchObject({
      jobId: first.jobId,
      isNew: false,
      reason: "this head was reviewed, or is about to be",
    });
    await platform.jobs.delete(first.jobId!);
    expect((await tell(review(1, sha(1)))).isNew).toBe(false);
    expect(await statuses(1)).toEqual([]);
    // Unless somebody asks for it, or it is to go into another branch.
    expect((await tell(review(1, sha(1), { isForced: true }))).isNew).toBe(true);
    expect((await tell(review(1, sha(1), { baseBranch: "next", trigger: "retargeted" }))).isNew).toBe(true);
    expect(await statuses(1)).toEqual(["01 cancelled", "01 pending"]);
  });

  test("one delivery is one, whatever it says the second time", async () => {
    const first = await tell(review(2, sha(1)), "same-id");
    const again = await Promise.all(
      [sha(2), sha(1), sha(3)].map((head) => tell(review(2, head, { at: 99 }), "same-id", other)),
    );
    for (const outcome of again)
      expect(outcome).toEqual({ jobId: first.jobId, isNew: false, reason: "this delivery came before" });
    expect(await platform.stores.pulls.get(ref(2))).toMatchObject({ head: sha(1), jobId: first.jobId });
  });

  test("a push waits, and gives way to the next; what is late changes nothing; the end ends it", async () => {
    const opened = await tell(review(3, sha(1), { at: 1 }));
    const second = await tell(review(3, sha(2), { at: 2, trigger: "pushed", before: sha(1) }));
    expect(await statuses(3)).toEqual(["01 cancelled", "02 pending"]);
    const job = await platform.jobs.get(second.jobId!);
    expect(Date.parse(job.runAt)).toBeGreaterThan(Date.parse(job.createdAt));
    expect((await platform.jobs.place(job))?.message ?? "").not.toMatch(/jobs are before/);
    for (const late of [
      review(3, sha(1), { at: 1 }),
      review(3, sha(7), { at: 1, trigger: "pushed" }),
      // In the same second: it is told by what it was replaced with.
      review(3, sha(1), { at: 2, trigger: "pushed", before: sha(0) }),
    ] as const)
      expect(await tell(late)).toEqual({
        jobId: second.jobId,
        isNew: false,
        reason: "something newer is known already",
      });
    expect((await tell(end(3, 1))).reason).toMatch(/newer/);
    expect(await statuses(3)).toEqual(["01 cancelled", "02 pending"]);
    expect(opened.isNew).toBe(true);
    expect(await tell(end(3, 5))).toMatchObject({ jobId: null, isNew: false });
    expect(await statuses(3)).toEqual(["01 cancelled", "02 cancelled"]);
    expect(await platform.stores.pulls.get(ref(3))).toMatchObject({ state: "closed", jobId: null });
    // The push that came before the end, in the same second.
    expect((await tell(review(3, sha(4), { at: 5, trigger: "pushed" }))).isNew).toBe(false);
    // Its review was cancelled, so the same head is reviewed now.
    expect((await tell(review(3, sha(2), { at: 6, trigger: "reopened" }))).isNew).toBe(true);
    // Pushed back to where it was.
    expect((await tell(review(3, sha(1), { at: 7, trigger: "pushed", before: sha(2) }))).isNew).toBe(true);
    expect((await statuses(3)).at(-1)).toBe("01 pending");
  });

  test("without a clock, what follows on what we know is newer and what was replaced is not", async () => {
    const push = (head: number, before: number) =>
      tell(review(4, sha(head), { at: null, trigger: "pushed", before: sha(before) }));
    await tell(review(4, sha(1), { at: null }));
    expect((await push(3, 2)).isNew).toBe(true);
    expect((await push(2, 1)).reason).toMatch(/newer/);
    expect((await push(4, 3)).isNew).toBe(true);
  });

  test("a running review is stopped by a newer push, and the new one starts when its wait is over", async () => {
    const services = {
      log: silentLog,
      tracing: await createTracing({ endpoint: "", service: "test", version: "0" }),
    } as unknown as Services;
    const worker = await startWorker(
      {
        ...platform,
        runner: createInlineRunner(kinds, services),
        kinds,
        log: silentLog,
        metrics: createMetrics(),
        tracing: services.tracing,
        random: () => 0,
      },
      { id: `worker-${name}`, host: "test", pid: process.pid, leaseMs: 6_000, concurrencyOf: () => 8 },
    );
    try {
      const first = await tell(review(5, sha(1), { at: 1 }));
      await eventually("the first runs", 10_000, () => begun.includes(first.jobId!));
      const second = await tell(review(5, sha(2), { at: 2, trigger: "pushed" }), "push", other);
      await eventually("the second runs, without any scheduler", 10_000, () => begun.includes(second.jobId!));
      expect(await statuses(5)).toEqual(["01 cancelled", "02 processing"]);
    } finally {
      await worker.drain(0);
    }
  });

  test("either all of it is stored or nothing", async () => {
    await expect(
      tell(
        { ...review(6, sha(1)), pull: { ...pull(6, sha(1), {}), cloneUrl: "file:///etc" } } as PullNews,
        "bad",
      ),
    ).rejects.toMatchObject({ code: "source-refused" });
    expect(await platform.stores.pulls.get(ref(6))).toBeNull();
    expect((await tell(review(6, sha(1)), "bad")).isNew).toBe(true);
  });

  test("one that cannot be stored takes no other of its batch along", async () => {
    const numbers = Array.from({ length: 20 }, (_, index) => 20 + index);
    const bad = new Set([23, 24, 39]);
    const told = await Promise.allSettled(
      numbers.map((number) =>
        // Longer than an index takes.
        tell(review(number, sha(1)), bad.has(number) ? randomBytes(6_000).toString("hex") : undefined),
      ),
    );
    expect(told.map((each) => each.status === "fulfilled" && each.value.isNew)).toEqual(
      numbers.map((number) => !bad.has(number)),
    );
    for (const number of numbers)
      expect(await statuses(number)).toEqual(bad.has(number) ? [] : ["01 pending"]);
    for (const number of bad) expect(await platform.stores.pulls.get(ref(number))).toBeNull();
  });

  test("together or one by one, news comes to the same", async () => {
    const actions = fc.record({
      number: fc.nat({ max: 2 }),
      kind: fc.constantFrom("review", "review", "review", "forced", "end"),
      head: fc.nat({ max: 3 }),
      at: fc.option(fc.nat({ max: 5 })),
      before: fc.option(fc.nat({ max: 3 })),
      trigger: fc.constantFrom("opened", "pushed", "reopened", "retargeted"),
      // Few, so that they come again, also for another pull request.
      delivery: fc.option(fc.nat({ max: 9 })),
    } as const);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(actions, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 3 }),
        async (groups) => {
          const ends = [];
          for (const isTogether of [true, false]) {
            const first = 100_000 + ++run * 10;
            const send = (action: (typeof groups)[number][number]) => {
              const number = first + action.number;
              const news =
                action.kind === "end"
                  ? end(number, action.at ?? 0)
                  : review(number, sha(action.head), {
                      ...action,
                      before: action.before === null ? null : sha(action.before),
                      isForced: action.kind === "forced",
                    });
              return tell(news, action.delivery === null ? undefined : `run-${run}-${action.delivery}`);
            };
            const outcomes = [];
            for (const group of groups)
              if (isTogether) outcomes.push(...(await Promise.all(group.map(send))));
              else for (const action of group) outcomes.push(await send(action));
            ends.push({
              repeated: outcomes.map((each) => each.reason === "this delivery came before"),
              late: outcomes.map((each) => /newer is known|nothing to review/.exec(each.reason ?? "")?.[0]),
              pulls: await platform.database.query(
                `select number - $1::int as number, state, head, base_branch, changed_at, past, jobs.status,
                   jobs.input ->> 'rev' as rev, count(other.id)::int as waiting
                 from pulls left join jobs on jobs.id = job_id
                 left join jobs other on (other.input #>> '{options,pull,number}')::int = number and other.status = 'pending'
                 where number between $1 and $1 + 9 group by 1, 2, 3, 4, 5, 6, 7, 8 order by 1`,
                [first],
              ),
            });
          }
          expect(ends[0]).toEqual(ends[1]);
        },
      ),
      { numRuns: name === "embedded" ? 60 : 25 },
    );
  });

  test("pull requests that ended long ago are forgotten, open ones are not", async () => {
    await tell(review(8, sha(1)));
    await tell(review(9, sha(1), { at: 1 }));
    await tell(end(9, 2));
    await platform.database.query(
      "update pulls set seen_at = now() - interval '91 days' where number in (8, 9)",
    );
    await retain(platform.database, { finishedMs: 1e12, failedMs: 1e12, callsMs: 1e12 });
    expect(await platform.stores.pulls.get(ref(8))).not.toBeNull();
    expect(await platform.stores.pulls.get(ref(9))).toBeNull();
  });

  test("whatever comes in whatever order, at most one review waits, and it is of the newest head", async () => {
    let number = 1_000;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }).chain((pushes) =>
          fc.record({
            pushes: fc.constant(pushes),
            order: fc.array(fc.nat({ max: pushes }), { minLength: 1, maxLength: 12 }),
            isAtOnce: fc.boolean(),
          }),
        ),
        async ({ order, isAtOnce }) => {
          number++;
          // Every push comes at least once where the order names it; some come again, under another id.
          const news = order.map((push) =>
            review(number, sha(push), {
              at: push,
              trigger: push === 0 ? "opened" : "pushed",
              before: push === 0 ? null : sha(push - 1),
            }),
          );
          if (isAtOnce)
            await Promise.all(news.map((each, index) => tell(each, undefined, index % 2 ? platform : other)));
          else for (const each of news) await tell(each);
          const newest = sha(Math.max(...order));
          const waiting = (await statuses(number)).filter((each) => each.endsWith("pending"));
          expect(waiting).toEqual([`${newest.slice(-2)} pending`]);
          expect((await platform.stores.pulls.get(ref(number)))!.head).toBe(newest);
        },
      ),
      { numRuns: name === "embedded" ? 60 : 25 },
    );
  });
});

const ref = (number: number) =>
  ({ host: "github", repository: "octo-org/widgets", number, installation: null }) as const;

interface Changes {
  readonly at?: number | null;
  readonly trigger?: "opened" | "reopened" | "pushed" | "retargeted";
  readonly before?: string | null;
  readonly baseBranch?: string;
  readonly isForced?: boolean;
}

function pull(number: number, head: string, changes: Changes): PullRequest {
  return {
    ref: ref(number),
    title: "Rounder",
    body: "",
    author: "monalisa",
    isOpen: true,
    isDraft: false,
    head,
    base: null,
    baseBranch: changes.baseBranch ?? "main",
    cloneUrl: "https://github.com/octo-org/widgets.git",
    headRef: headRefOf(ref(number)),
    url: "",
    updatedAt: changes.at === null ? null : new Date(1.7e12 + (changes.at ?? 1) * 1_000).toISOString(),
  };
}

function review(number: number, head: string, changes: Changes = {}): PullNews {
  return {
    kind: "review",
    pull: pull(number, head, changes),
    trigger: changes.trigger ?? "opened",
    before: changes.before ?? null,
    isForced: changes.isForced ?? false,
    isPosted: true,
  };
}

function end(number: number, at: number): PullNews {
  return {
    kind: "end",
    pull: ref(number),
    reason: "closed",
    at: new Date(1.7e12 + at * 1_000).toISOString(),
  };
}
