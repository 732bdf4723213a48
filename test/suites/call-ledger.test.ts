import { v7 } from "uuid";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { AppError } from "../../src/base/errors.ts";
import type { CallEnd, CallLedger, NewCall } from "../../src/contracts/model-call.ts";
import type { Platform } from "../../src/contracts/platform.ts";
import { retain } from "../../src/core/jobs/sweep.ts";
import { canRun, modes, startMode, type TestMode } from "../support/platforms.ts";

const noBudgets = { jobUsd: 0, dayUsd: 0, jobTokens: 0, dayTokens: 0 };
const noLimits: NewCall["limits"] = { concurrency: 1_000, requestsPerMinute: null, budgets: noBudgets };
const day = 86_400_000;

/** The ledger of calls: admission, budgets, cool-downs and sums, on every database. */
describe.each(modes.filter(canRun))("calls at models, %s", (name) => {
  let mode: TestMode;
  let platform: Platform;
  let ledger: CallLedger;
  let others: readonly CallLedger[];

  beforeAll(async () => {
    mode = await startMode(name);
    platform = await mode.open(new Map());
    ledger = platform.stores.calls;
    // Other processes on the same database; the embedded one has only this.
    const second = name === "embedded" ? ledger : (await mode.open(new Map())).stores.calls;
    others = [ledger, second];
  }, 60_000);
  afterEach(() => platform.database.query("delete from llm_calls"));
  afterAll(() => mode.close());

  const call = (given: Partial<NewCall> = {}): NewCall => ({
    id: v7(),
    questionId: v7(),
    traceId: null,
    jobId: "job-1",
    task: "ask",
    purpose: "first",
    provider: "openai",
    model: "m",
    redactions: 0,
    reservedTokens: 100,
    reservedUsd: 0.01,
    timeoutMs: 60_000,
    limits: noLimits,
    ...given,
  });
  const end = (given: Partial<CallEnd> = {}): CallEnd => ({
    outcome: "answered",
    answeredBy: "m-2026",
    code: null,
    httpStatus: 200,
    inputTokens: 10,
    cacheReadTokens: 3,
    cacheWriteTokens: 2,
    outputTokens: 5,
    costUsd: 0.001,
    durationMs: 12,
    coolDownMs: null,
    ...given,
  });
  const failed = (given: Partial<CallEnd> = {}): CallEnd =>
    end({
      outcome: "failed",
      code: "model-unavailable",
      httpStatus: 500,
      inputTokens: 0,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      outputTokens: 0,
      costUsd: 0,
      ...given,
    });
  const done = async (one: NewCall, how: CallEnd): Promise<void> => {
    expect(await ledger.begin(one)).toEqual({ kind: "admitted" });
    await ledger.finish(one, how);
  };
  const spends = (error: unknown): string => (error as { readonly code: string }).code;

  test("a call is there from its beginning to its end, and twice is once", async () => {
    const one = call({ traceId: "t", redactions: 2, purpose: "fallback" });
    await ledger.begin(one);
    await ledger.begin(one);
    const [running] = (await ledger.list({}, { limit: 10 })).items;
    expect(running).toMatchObject({ outcome: "running", inputTokens: null, costUsd: null, durationMs: null });
    await ledger.finish(one, end());
    await ledger.finish(one, failed());
    const { items } = await ledger.list({}, { limit: 10 });
    expect(items).toEqual([
      {
        id: one.id,
        questionId: one.questionId,
        traceId: "t",
        jobId: "job-1",
        task: "ask",
        purpose: "fallback",
        provider: "openai",
        model: "m",
        answeredBy: "m-2026",
        outcome: "answered",
        code: null,
        httpStatus: 200,
        inputTokens: 10,
        cacheReadTokens: 3,
        cacheWriteTokens: 2,
        outputTokens: 5,
        costUsd: 0.001,
        redactions: 2,
        startedAt: expect.any(String) as string,
        durationMs: 12,
      },
    ]);
  });

  test("the places at one provider are taken once each, whoever asks", async () => {
    const limits = { ...noLimits, concurrency: 3 };
    const wanted = Array.from({ length: 12 }, () => call({ limits }));
    const admitted = await Promise.all(wanted.map((one, index) => others[index % 2]!.begin(one)));
    expect(admitted.filter(({ kind }) => kind === "admitted")).toHaveLength(3);
    expect(admitted.filter(({ kind }) => kind === "wait")).toHaveLength(9);
    expect(await ledger.begin(call({ limits, provider: "anthropic" }))).toEqual({ kind: "admitted" });
    await ledger.finish(wanted[admitted.findIndex(({ kind }) => kind === "admitted")]!, end());
    expect(await ledger.begin(call({ limits }))).toEqual({ kind: "admitted" });
  });

  test("who died in the middle gives its place back after its time, and is then unknown", async () => {
    const limits = { ...noLimits, concurrency: 1 };
    const dead = call({ limits, timeoutMs: 0 });
    await ledger.begin(dead);
    expect(await ledger.begin(call({ limits }))).toEqual({ kind: "admitted" });
    const { items } = await ledger.list({ outcome: "unknown" }, { limit: 10 });
    expect(items.map(({ id, costUsd }) => [id, costUsd])).toEqual([[dead.id, null]]);
  });

  test("so many calls in a minute, then a wait until one is older", async () => {
    const limits = { ...noLimits, requestsPerMinute: 2 };
    await done(call({ limits }), end());
    await done(call({ limits }), end());
    await ledger.finish(call({ limits }), end({ outcome: "cached" }));
    const refused = await ledger.begin(call({ limits }));
    expect(refused).toMatchObject({ kind: "wait", reason: "rate" });
    expect("waitMs" in refused && refused.waitMs > 50_000 && refused.waitMs <= 60_000).toBe(true);
    await platform.database.query("update llm_calls set started_at = started_at - interval '1 minute'");
    expect(await ledger.begin(call({ limits }))).toEqual({ kind: "admitted" });
  });

  test("of a budget no more is taken than there is, however many ask at once", async () => {
    const limits = { ...noLimits, budgets: { ...noBudgets, dayUsd: 0.05 } };
    const wanted = Array.from({ length: 12 }, () => call({ limits, reservedUsd: 0.01 }));
    const results = await Promise.allSettled(wanted.map((one, index) => others[index % 2]!.begin(one)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
    const refusals = results.flatMap((result) =>
      result.status === "rejected" ? [spends(result.reason)] : [],
    );
    expect(new Set(refusals)).toEqual(new Set(["model-budget-spent"]));
    expect((await ledger.list({}, { limit: 20 })).items).toHaveLength(5);
  });

  test.each([
    ["jobUsd", { jobUsd: 0.02 }],
    ["dayUsd", { dayUsd: 0.02 }],
    ["jobTokens", { jobTokens: 130 }],
    ["dayTokens", { dayTokens: 130 }],
  ] as const)("%s: what is spent counts as it was, what is under way at its most", async (kind, budget) => {
    const limits = { ...noLimits, budgets: { ...noBudgets, ...budget } };
    await done(call({ limits }), end());
    // 0.001 and 20 tokens are spent.
    expect(await ledger.begin(call({ limits }))).toEqual({ kind: "admitted" });
    const refused = await ledger.begin(call({ limits })).then(String, (error: unknown) => error as Error);
    expect(refused).toMatchObject({ code: "model-budget-spent" });
    expect((refused as Error).message).toContain(
      `llm.budget_${kind.replace("Usd", "_usd").replace("Tokens", "_tokens")}`,
    );
    const other = ledger.begin(call({ limits, jobId: "job-2" })).then(
      ({ kind: admission }) => admission,
      (error: AppError) => error.code,
    );
    expect(await other).toBe(kind.startsWith("job") ? "admitted" : "model-budget-spent");
  });

  test("a call of unknown price takes from the budget in tokens, and counts its most until it is known", async () => {
    const limits = { ...noLimits, budgets: { ...noBudgets, dayUsd: 0.0001, dayTokens: 250 } };
    const unpriced = { limits, reservedUsd: null };
    await done(
      call(unpriced),
      end({
        inputTokens: null,
        cacheReadTokens: null,
        cacheWriteTokens: null,
        outputTokens: null,
        costUsd: null,
      }),
    );
    expect(await ledger.begin(call(unpriced))).toEqual({ kind: "admitted" });
    await expect(ledger.begin(call(unpriced))).rejects.toMatchObject({ code: "model-budget-spent" });
  });

  test("yesterday's money is not today's", async () => {
    const limits = { ...noLimits, budgets: { ...noBudgets, dayUsd: 0.01 } };
    await done(call({ limits }), end({ costUsd: 0.01 }));
    await expect(ledger.begin(call({ limits }))).rejects.toMatchObject({ code: "model-budget-spent" });
    await platform.database.query("update llm_calls set started_at = started_at - interval '1 day'");
    expect(await ledger.begin(call({ limits }))).toEqual({ kind: "admitted" });
  });

  test("a model that asked to be left alone is left alone by all, and it alone", async () => {
    await done(call(), failed({ code: "model-overloaded", coolDownMs: 30_000 }));
    for (const one of others) expect(await one.begin(call())).toMatchObject({ kind: "cooling" });
    expect(await ledger.begin(call({ model: "n" }))).toEqual({ kind: "admitted" });
    expect(await ledger.coolDowns()).toMatchObject([{ provider: "openai", model: "m" }]);
    await platform.database.query(
      "update llm_calls set cool_down_until = now() where cool_down_until is not null",
    );
    expect(await ledger.begin(call())).toEqual({ kind: "admitted" });
    expect(await ledger.coolDowns()).toEqual([]);
  });

  test("five failures in a row trip the breaker; one answer between them does not let it", async () => {
    for (let times = 0; times < 4; times++) await done(call(), failed());
    await done(call(), end());
    for (let times = 0; times < 4; times++) await done(call(), failed());
    expect(await ledger.coolDowns()).toEqual([]);
    // Not the model's fault.
    await done(call(), failed({ code: "model-rejected" }));
    await done(call(), failed({ outcome: "cancelled", code: "cancelled" }));
    expect(await ledger.coolDowns()).toEqual([]);
    for (let times = 0; times < 5; times++) await done(call(), failed());
    expect(await ledger.begin(call())).toMatchObject({ kind: "cooling" });
  });

  test("lists by filter, in pages", async () => {
    for (let index = 0; index < 5; index++)
      await done(call({ jobId: `job-${index % 2}`, task: index === 0 ? "review" : "ask" }), end());
    expect((await ledger.list({ jobId: "job-1" }, { limit: 10 })).items).toHaveLength(2);
    expect((await ledger.list({ task: "review" }, { limit: 10 })).items).toHaveLength(1);
    expect((await ledger.list({ provider: "none" }, { limit: 10 })).items).toEqual([]);
    const first = await ledger.list({}, { limit: 3 });
    const second = await ledger.list({}, { limit: 3, cursor: first.nextCursor! });
    const ids = [...first.items, ...second.items].map(({ id }) => id);
    expect(second.nextCursor).toBeNull();
    expect(ids).toEqual([...new Set(ids)].toSorted().toReversed());
    expect(ids).toHaveLength(5);
    await expect(ledger.list({}, { limit: 3, cursor: "x" })).rejects.toMatchObject({
      code: "request-invalid",
    });
  });

  test("sums of all that was spent, and apart what nobody knows", async () => {
    await done(call(), end());
    await done(
      call({ model: "n", task: "review", jobId: null }),
      end({ costUsd: 0.5, inputTokens: 4_000_000_000 }),
    );
    await done(call(), end({ costUsd: null, inputTokens: null, outputTokens: null }));
    await done(call(), failed());
    await ledger.finish(
      call(),
      end({
        outcome: "cached",
        costUsd: 0,
        inputTokens: 0,
        cacheReadTokens: 0,
        cacheWriteTokens: 0,
        outputTokens: 0,
      }),
    );
    expect(await ledger.cost("model", 1)).toEqual([
      {
        key: "openai/n",
        calls: 1,
        cached: 0,
        failed: 0,
        inputTokens: 4_000_000_000,
        cacheReadTokens: 3,
        cacheWriteTokens: 2,
        outputTokens: 5,
        costUsd: 0.5,
        unpriced: 0,
      },
      {
        key: "openai/m",
        calls: 3,
        cached: 1,
        failed: 1,
        inputTokens: 10,
        cacheReadTokens: 6,
        cacheWriteTokens: 4,
        outputTokens: 5,
        costUsd: 0.001,
        unpriced: 1,
      },
    ]);
    expect((await ledger.cost("task", 1)).map(({ key }) => key)).toEqual(["review", "ask"]);
    expect((await ledger.cost("job", 1)).map(({ key }) => key)).toEqual(["", "job-1"]);
    expect((await ledger.cost("provider", 1)).map(({ calls }) => calls)).toEqual([4]);
    expect((await ledger.cost("day", 1)).map(({ key }) => key)).toEqual([
      new Date().toISOString().slice(0, 10),
    ]);
  });

  test("old lines are deleted", async () => {
    await done(call(), end());
    await done(call(), end());
    await platform.database.query(
      "update llm_calls set started_at = now() - interval '91 days' where id = (select min(id) from llm_calls)",
    );
    await retain(platform.database, { finishedMs: day, failedMs: day, callsMs: 90 * day });
    expect((await ledger.list({}, { limit: 10 })).items).toHaveLength(1);
  });
});
