import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { AppError, toAppError } from "../src/base/errors.ts";
import type { ModelCall } from "../src/contracts/model-call.ts";
import type { ModelEvent, ModelGateway, ModelRequest } from "../src/contracts/model-gateway.ts";
import type { Platform } from "../src/contracts/platform.ts";
import { providers } from "../src/extensions/llm/registry.generated.ts";
import { vectorFaults, type VectorFault } from "./support/model-faults.ts";
import { usageOf, vectorOf } from "./support/model-script.ts";
import { goodKey, type ModelServer, type ServedCall, startModelServer } from "./support/model-server.ts";
import { startMode, type TestMode } from "./support/platforms.ts";
import { createTestGateway, type TestGateway } from "./support/test-gateway.ts";
import { recordTelemetry } from "./support/telemetry.ts";

const never = new AbortController().signal;
let server: ModelServer;
let mode: TestMode;
let platform: Platform;

beforeAll(async () => {
  server = await startModelServer();
  mode = await startMode("embedded");
  platform = await mode.open(new Map());
}, 60_000);
afterAll(async () => {
  await mode.close();
  await server.close();
});

const gatewayWith = (settings: TestGateway["settings"] = {}, more: TestGateway = {}): ModelGateway =>
  createTestGateway(server, platform.stores.calls, { ...more, settings: { ...settings } });
let questions = 0;
/** Never the same twice, so that no answer is an old one. */
const ask = (text = "echo: hello there", more: Partial<ModelRequest> = {}): ModelRequest => ({
  task: "ask",
  system: `You are number ${++questions}.`,
  messages: [{ role: "user", text }],
  maxOutputTokens: 100,
  ...more,
});
const served = async (model: string): Promise<readonly ServedCall[]> =>
  (await server.calls()).filter((call) => call.model === model);
const ledgerOf = async (model: string): Promise<readonly ModelCall[]> =>
  (await platform.stores.calls.list({}, { limit: 1_000 })).items
    .filter((call) => call.model === model)
    .toReversed();
const failureOf = (work: Promise<unknown>): Promise<AppError> =>
  work.then(
    () => new AppError("internal", "It did not fail."),
    (error: unknown) => toAppError(error),
  );
const codeOf = async (work: Promise<unknown>): Promise<string> => (await failureOf(work)).code;

describe.each(providers.map(({ id }) => id))("provider %s", (provider) => {
  const model = `suite-${provider}`;
  const modelOverride = `${provider}/${model}`;

  test("what is asked arrives as it was, and the answer comes back with its usage", async () => {
    const request = ask("echo: one two three", {
      temperature: 0.5,
      effort: "none",
      messages: [
        { role: "user", text: "first" },
        { role: "assistant", text: "second" },
        { role: "user", text: "echo: one two three" },
      ],
    });
    const answer = await gatewayWith().generate(request, { signal: never, modelOverride });
    expect(answer).toMatchObject({ text: "one two three", provider, model, isTruncated: false, calls: 1 });
    const call = (await served(model)).at(-1)!;
    expect(call).toMatchObject({ system: request.system, maxTokens: 100, isStreamed: false });
    expect(call.messages).toEqual([
      { role: "user", text: "first" },
      { role: "assistant", text: "second" },
      { role: "user", text: "echo: one two three" },
    ]);
    const { input, output } = usageOf({ ...call, inputs: null }, answer.text);
    expect(answer.usage).toMatchObject({ inputTokens: input, cacheReadTokens: 0, outputTokens: output });
    // Google's package does not pass on which version answered.
    const known = provider === "ollama" ? model : `${model}-2026`;
    expect(answer.answeredBy).toBe(provider === "google" ? null : known);
    expect(JSON.stringify(call.body)).toContain("0.5");
    expect(answer.costUsd).toBe({ ollama: 0, openrouter: 0.003 }[provider] ?? null);
  });

  test("a stream is the answer piece by piece", async () => {
    const { events, result } = gatewayWith().stream(ask("echo: a b c d e f"), {
      signal: never,
      modelOverride,
    });
    const pieces: ModelEvent[] = [];
    for await (const event of events) pieces.push(event);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.map((event) => (event.kind === "delta" ? event.text : "?")).join("")).toBe("a b c d e f");
    expect((await result).text).toBe("a b c d e f");
    expect((await served(model)).at(-1)!.isStreamed).toBe(true);
  });

  test("an answer of a form is asked for, checked, and mended once", async () => {
    const schema = z.object({ answer: z.number(), why: z.string().optional() });
    const request = ask('json: {"answer": 7}', { schema });
    const once = `${provider}/${model}~malformed-objectx1`;
    const answer = await gatewayWith().generate(
      { ...request, schema },
      { signal: never, modelOverride: once },
    );
    expect(answer.object).toEqual({ answer: 7 });
    expect(answer.calls).toBe(2);
    const [first, second] = await served(`${model}~malformed-objectx1`);
    expect(first!.system).toContain('"required":["answer"]');
    expect(JSON.stringify(first!.body)).toMatch(
      /json_schema|responseSchema|responseJsonSchema|"format"|output_config|input_schema/,
    );
    expect(second!.messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
    expect(second!.messages[2]!.text).toContain("answer:");
    const purposes = (await ledgerOf(`${model}~malformed-objectx1`)).map(({ purpose }) => purpose);
    expect(purposes).toEqual(["first", "repair"]);
  });

  test("a failure that passes is tried again", async () => {
    const name = `${model}~503x1`;
    const answer = await gatewayWith().generate(ask(), {
      signal: never,
      modelOverride: `${provider}/${name}`,
    });
    expect(answer).toMatchObject({ text: "hello there", calls: 2 });
    expect((await ledgerOf(name)).map(({ purpose, outcome }) => `${purpose} ${outcome}`)).toEqual([
      "first failed",
      "retry answered",
    ]);
  });

  test("cancelling ends the call, and is written as what it is", async () => {
    const leaving = new AbortController();
    const name = `${model}~hang`;
    const asking = gatewayWith().generate(ask(), {
      signal: leaving.signal,
      modelOverride: `${provider}/${name}`,
    });
    asking.catch(() => {});
    for (let tries = 0; tries < 100 && (await served(name)).length === 0; tries++) await sleep(10);
    leaving.abort();
    expect(await codeOf(asking)).toBe("cancelled");
    expect((await ledgerOf(name)).map(({ outcome, costUsd }) => [outcome, costUsd])).toEqual([
      ["cancelled", provider === "ollama" ? 0 : null],
    ]);
  });

  test("its probe tells a model that is there from one that is not", async () => {
    const there = provider === "compatible" ? "good" : model;
    const settings = { "llm.models": `${provider}/${there},${provider}/x~404,${provider}/y~401` };
    const status = await gatewayWith(settings).status(never);
    expect(status.status).toBe("answering");
    const states = Object.fromEntries(status.models.map((state) => [state.model, state.code]));
    expect(states[`${provider}/${there}`]).toBeNull();
    expect(states[`${provider}/x~404`]).toBe("model-unknown");
    // A list of models names no reasons.
    expect(states[`${provider}/y~401`]).toBe(
      provider === "compatible" ? "model-unknown" : "model-key-invalid",
    );
  });

  test("a key that is missing or wrong is told", async () => {
    const definition = providers.find(({ id }) => id === provider)!;
    if (!definition.needsKey) return;
    const without = createTestGateway({ ...server, keys: "" }, platform.stores.calls);
    expect(without.availability("ask", modelOverride)).toMatchObject({
      isAvailable: false,
      reason: "key-missing",
    });
    expect(await codeOf(without.generate(ask(), { signal: never, modelOverride }))).toBe(
      "model-unconfigured",
    );
    const wrong = createTestGateway({ ...server, keys: `${provider}=wrong` }, platform.stores.calls);
    const other = `${provider}/wrong-key`;
    expect(await codeOf(wrong.generate(ask(), { signal: never, modelOverride: other }))).toBe(
      "model-key-invalid",
    );
    for (const name of definition.keyNames) {
      const environment = { [name]: goodKey };
      const right = createTestGateway({ ...server, keys: "" }, platform.stores.calls, { environment });
      expect(right.availability("ask", modelOverride)).toMatchObject({ isAvailable: true });
    }
  });
});

describe("vectors", () => {
  const texts = Array.from({ length: 150 }, (_, index) => `text number ${index}`);

  test.each(providers.filter((provider) => "createEmbedding" in provider).map(({ id }) => id))(
    "of %s: one for each text, in order, in batches",
    async (provider) => {
      const answer = await gatewayWith().embed(
        { texts },
        { signal: never, modelOverride: `${provider}/vectors` },
      );
      expect(answer.vectors.map((vector) => [...vector])).toEqual(
        texts.map((text) => [...Float32Array.from(vectorOf(text))]),
      );
      expect(answer).toMatchObject({ dimension: 4, calls: 3 });
      const path = provider === "google" ? "gemini" : provider;
      const calls = (await served("vectors")).filter(({ protocol }) => protocol === path);
      expect(calls.flatMap(({ inputs }) => inputs)).toEqual(texts);
      const told = calls.reduce((sum, { usage }) => sum + (usage?.input ?? 0), 0);
      expect(answer.usage.inputTokens).toBe(provider === "google" ? null : told);
    },
  );

  test.each(Object.keys(vectorFaults) as VectorFault[])("%s is refused", async (fault) => {
    for (const provider of ["ollama", "compatible", "openai", "google"]) {
      const modelOverride = `${provider}/v~${fault}`;
      const code = await codeOf(gatewayWith().embed({ texts: ["a", "b"] }, { signal: never, modelOverride }));
      expect(code, provider).toMatch(/^model-(output-invalid|unavailable)$/);
    }
  });

  test("of another length than those that one has are refused", async () => {
    const given = { texts: ["a"], dimension: 768 };
    const options = { signal: never, modelOverride: "ollama/short" };
    expect(await codeOf(gatewayWith().embed(given, options))).toBe("model-output-invalid");
  });

  test("the second model takes over before the first batch, never after it", async () => {
    const settings = { "llm.models": "embed=ollama/v~500,compatible/v", "llm.retries": "0" };
    expect(await gatewayWith(settings).embed({ texts }, { signal: never })).toMatchObject({
      provider: "compatible",
      calls: 4,
    });
    expect(await gatewayWith(settings).embed({ texts: [] }, { signal: never })).toMatchObject({
      vectors: [],
      calls: 0,
    });
  });

  test("who makes none says so", async () => {
    const options = { signal: never, modelOverride: "anthropic/x" };
    expect(await codeOf(gatewayWith().embed({ texts }, options))).toBe("model-unknown");
    expect(gatewayWith({ "llm.models": "default=ollama/x" }).availability("embed")).toMatchObject({
      isAvailable: false,
      reason: "unconfigured",
    });
  });
});

describe("chains", () => {
  test("a task has its own, and --model overrides it", async () => {
    const gateway = gatewayWith({ "llm.models": "default=ollama/a,review=compatible/b" });
    const by = async (task: "ask" | "review", modelOverride?: string): Promise<string> => {
      const answer = await gateway.generate(ask(undefined, { task }), { signal: never, modelOverride });
      return `${answer.provider}/${answer.model}`;
    };
    expect(await by("ask")).toBe("ollama/a");
    expect(await by("review")).toBe("compatible/b");
    expect(await by("review", "google/c")).toBe("google/c");
  });

  test("a stream that breaks begins anew, and says so", async () => {
    const events: ModelEvent[] = [];
    const answer = await gatewayWith({ "llm.retries": "0" }).generate(ask("echo: over and over again"), {
      signal: never,
      modelOverride: "anthropic/broken~reset-mid,ollama/whole",
      onEvent: (event) => void events.push(event),
    });
    expect(answer.model).toBe("whole");
    const restart = events.findIndex(({ kind }) => kind === "restart");
    expect(restart).toBeGreaterThan(0);
    expect(events[restart]).toMatchObject({ model: "ollama/whole", reason: "fallback" });
    const rest = events.slice(restart + 1).map((event) => (event.kind === "delta" ? event.text : "?"));
    expect(rest.join("")).toBe("over and over again");
  });

  test("a prompt that is too long is not sent, and goes to a model with more room only", async () => {
    const settings = {
      "llm.context_window": "ollama/small=2000,compatible/smaller=1500,google/large=50000",
    };
    const long = ask(`echo: ${"many words ".repeat(700)}`);
    const chain = "ollama/small,compatible/smaller,google/large";
    const answer = await gatewayWith(settings).generate(long, { signal: never, modelOverride: chain });
    expect(answer.model).toBe("large");
    expect(await served("small")).toEqual([]);
    expect(await served("smaller")).toEqual([]);
    const alone = gatewayWith(settings).generate(long, {
      signal: never,
      modelOverride: "ollama/small,compatible/smaller",
    });
    expect(await codeOf(alone)).toBe("model-context-exceeded");
  });

  test("what a model says is too long for it goes to one with more room only", async () => {
    const settings = {
      "llm.context_window": "openai/o~400-overflow=9000,compatible/little=8000,google/roomy=50000",
    };
    const modelOverride = "openai/o~400-overflow,compatible/little,google/roomy";
    expect((await gatewayWith(settings).generate(ask(), { signal: never, modelOverride })).model).toBe(
      "roomy",
    );
    expect(await served("little")).toEqual([]);
  });

  test("a window is taken from the settings, from the provider, from the list, or is unknown", async () => {
    const gateway = gatewayWith({ "llm.context_window": "ollama/set=4096" });
    const windowOf = (model: string): Promise<number | null> => gateway.contextWindow("ask", never, model);
    expect(await windowOf("ollama/set")).toBe(4_096);
    expect(await windowOf("ollama/told")).toBe(32_768);
    expect(await windowOf("anthropic/claude-sonnet-4-5")).toBeGreaterThanOrEqual(200_000);
    expect(await windowOf("compatible/who-knows")).toBeNull();
  });

  test("Ollama is given room for the whole prompt, which it would cut off otherwise", async () => {
    const roomFor = async (words: number): Promise<unknown> => {
      await gatewayWith().generate(ask(`echo: ${"word ".repeat(words)}`), {
        signal: never,
        modelOverride: "ollama/room",
      });
      return (await served("room")).at(-1)!.body["options"];
    };
    expect(await roomFor(10)).toMatchObject({ num_ctx: 8_192 });
    expect(await roomFor(7_000)).toMatchObject({ num_ctx: 16_384 });
  });

  test("of several failures the one is told that may pass, with all reasons", async () => {
    const work = gatewayWith({ "llm.retries": "0" }).generate(ask(), {
      signal: never,
      modelOverride: "openai/e~500,google/e~401",
    });
    const error = await failureOf(work);
    expect(error).toMatchObject({ code: "model-unavailable" });
    expect(error.message).toContain("openai/e~500: 500");
    expect(error.message).toContain("google/e~401: 401");
  });
});

describe("waiting", () => {
  test("a model that asks for a moment gets it, within our patience", async () => {
    const settings = { "llm.retries": "0", "llm.patience": "20s" };
    await platform.stores.calls.finish(
      {
        id: "00000000-0000-7000-8000-000000000001",
        questionId: "q",
        traceId: null,
        jobId: null,
        task: "ask",
        purpose: "first",
        provider: "ollama",
        model: "moment",
        redactions: 0,
        reservedTokens: 0,
        reservedUsd: 0,
        timeoutMs: 0,
        limits: {
          concurrency: 1,
          requestsPerMinute: null,
          budgets: { jobUsd: 0, dayUsd: 0, jobTokens: 0, dayTokens: 0 },
        },
      },
      {
        outcome: "failed",
        answeredBy: null,
        code: "model-overloaded",
        httpStatus: 429,
        inputTokens: 0,
        cacheReadTokens: 0,
        cacheWriteTokens: 0,
        outputTokens: 0,
        costUsd: 0,
        durationMs: 1,
        coolDownMs: 400,
      },
    );
    const answer = await gatewayWith(settings).generate(ask(), {
      signal: never,
      modelOverride: "ollama/moment",
    });
    expect(answer.calls).toBe(1);
    const [order] = await platform.database.query<{ readonly has_waited: boolean }>(
      "select max(started_at) filter (where cool_down_until is null) >= max(cool_down_until) as has_waited from llm_calls where model = 'moment'",
    );
    expect(order!.has_waited).toBe(true);
  });

  test("beyond our patience it is overloaded, without being asked", async () => {
    const gateway = gatewayWith();
    const options = { signal: never, modelOverride: "compatible/long~429-longx1" };
    expect(await codeOf(gateway.generate(ask(), options))).toBe("model-overloaded");
    expect(await codeOf(gateway.generate(ask(), options))).toBe("model-overloaded");
    expect(await served("long~429-longx1")).toHaveLength(1);
  });

  test("no more calls at once than there are places, and everybody's turn comes", async () => {
    const gateway = gatewayWith({ "llm.concurrency": "google=2", "llm.patience": "20s" });
    const options = { signal: never, modelOverride: "google/places" };
    const answers = await Promise.all(Array.from({ length: 6 }, () => gateway.generate(ask(), options)));
    expect(answers.map(({ text }) => text)).toEqual(Array(6).fill("hello there"));
    const spans = (await ledgerOf("places")).map(({ startedAt, durationMs }) => {
      const from = Date.parse(startedAt);
      return [from, from + durationMs!] as const;
    });
    for (const [from] of spans)
      expect(spans.filter(([start, stop]) => start <= from && from < stop).length).toBeLessThanOrEqual(2);
  });

  test("too many in a minute wait, or give up", async () => {
    const gateway = gatewayWith({ "llm.requests_per_minute": "openrouter=1" });
    const options = { signal: never, modelOverride: "openrouter/rate" };
    // Others of these tests have called it in this minute.
    const error = await failureOf(gateway.generate(ask(), options));
    expect(error).toMatchObject({ code: "model-overloaded" });
    expect(error.message).toContain("llm.requests_per_minute");
  });
});

describe("time-outs", () => {
  test.each([
    ["hang", "nothing of the answer within 1200 ms"],
    ["hang-mid", "silence in the middle of the answer for 800 ms"],
    ["drip", "no whole answer within 2500 ms"],
  ])("of a stream: %s is %s", async (fault, message) => {
    const options = { signal: never, modelOverride: `openai/slow~${fault}`, onEvent: () => {} };
    const error = await failureOf(gatewayWith().generate(ask(), options));
    expect(error.code).toBe("model-unavailable");
    expect(error.message).toContain(message);
  });

  test("of an answer in one piece there is only one", async () => {
    const options = { signal: never, modelOverride: "openai/whole~hang-mid" };
    expect((await failureOf(gatewayWith().generate(ask(), options))).message).toContain(
      "no whole answer within 2500 ms",
    );
  });
});

describe("budgets", () => {
  test("a job's is looked at before a call, and the call is not made", async () => {
    const gateway = gatewayWith({ "llm.budget_job_tokens": "300" });
    const options = { signal: never, modelOverride: "compatible/budget", jobId: "budgeted" };
    await gateway.generate(ask(), options);
    const long = ask(`echo: ${"word ".repeat(400)}`);
    expect(await codeOf(gateway.generate(long, options))).toBe("model-budget-spent");
    expect(await served("budget")).toHaveLength(1);
    expect(await ledgerOf("budget")).toMatchObject([{ jobId: "budgeted", outcome: "answered" }]);
  });

  test("in dollars, by the price of the model; one that costs nothing is not held up", async () => {
    const gateway = gatewayWith({ "llm.budget_job_usd": "0.0000001" });
    const options = { signal: never, jobId: "poor" };
    const dear = gateway.generate(ask(), { ...options, modelOverride: "openai/gpt-5-mini" });
    expect(await codeOf(dear)).toBe("model-budget-spent");
    const free = await gateway.generate(ask(), { ...options, modelOverride: "ollama/poor" });
    expect(free.costUsd).toBe(0);
  });

  test("a call has its price by the four kinds of tokens", async () => {
    const answer = await gatewayWith().generate(
      ask("echo: x", { system: "[keep] these words of the system" }),
      {
        signal: never,
        modelOverride: "anthropic/claude-sonnet-4-5",
      },
    );
    expect(answer.usage).toEqual({
      inputTokens: 2,
      cacheReadTokens: 0,
      cacheWriteTokens: 6,
      outputTokens: 1,
    });
    const [row] = await ledgerOf("claude-sonnet-4-5");
    expect(row).toMatchObject({ ...answer.usage, costUsd: answer.costUsd });
    expect(answer.costUsd).toBeCloseTo((2 * 3 + 6 * 3.75 + 1 * 15) / 1e6, 9);
  });
});

describe("the cache", () => {
  test("the same question is answered once; another one, by another model or too late, anew", async () => {
    let now = Date.parse("2026-01-01T00:00:00Z");
    const gateway = gatewayWith({}, { cache: "kept", now: () => now });
    const request = ask("echo: keep this");
    const options = { signal: never, modelOverride: "compatible/kept" };
    expect(await gateway.generate(request, options)).toMatchObject({ isCached: false, calls: 1 });
    const events: ModelEvent[] = [];
    const again = await gateway.generate(request, {
      ...options,
      onEvent: (event) => void events.push(event),
    });
    expect(again).toMatchObject({
      text: "keep this",
      isCached: true,
      calls: 0,
      costUsd: 0,
      answeredBy: "kept-2026",
    });
    expect(events).toEqual([{ kind: "delta", text: "keep this" }]);
    expect(await served("kept")).toHaveLength(1);
    await gateway.generate({ ...request, maxOutputTokens: 99 }, options);
    await gateway.generate({ ...request, temperature: 0 }, options);
    await gateway.generate({ ...request, system: "Other." }, options);
    await gateway.generate({ ...request, mayUseCache: false }, options);
    expect(await served("kept")).toHaveLength(5);
    now += 86_400_001;
    await gateway.generate(request, options);
    expect(await served("kept")).toHaveLength(6);
    expect(
      (await ledgerOf("kept")).map(({ outcome }) => outcome).filter((one) => one === "cached"),
    ).toHaveLength(1);
  });

  test("what was cut off is not kept", async () => {
    const gateway = gatewayWith({}, { cache: "cut" });
    const request = ask();
    const options = { signal: never, modelOverride: "compatible/cut~length" };
    expect((await gateway.generate(request, options)).isTruncated).toBe(true);
    expect((await gateway.generate(request, options)).isCached).toBe(false);
  });
});

describe("secrets", () => {
  test("do not leave in prompts, nor in what is embedded; how many is told", async () => {
    const secret = `ghp_${"a1B2c3D4".repeat(5)}`;
    const telemetry = await recordTelemetry();
    const gateway = gatewayWith({}, { log: telemetry.log });
    const answer = await gateway.generate(ask(`The token is ${secret} and the key ${goodKey}.`), {
      signal: never,
      modelOverride: "ollama/secrets",
    });
    expect(answer.redactions).toBe(2);
    await gateway.embed({ texts: [`x ${secret}`] }, { signal: never, modelOverride: "ollama/secrets" });
    const sent = JSON.stringify(await served("secrets"));
    expect(sent).not.toContain(secret);
    expect(sent).not.toContain(goodKey);
    expect(sent).toContain("[redacted github token]");
    expect((await ledgerOf("secrets")).map(({ redactions }) => redactions)).toEqual([2, 1]);
    expect(JSON.stringify(telemetry.lines)).not.toContain(secret);
  });

  test("OpenAI is told to keep nothing", async () => {
    await gatewayWith().generate(ask(), { signal: never, modelOverride: "openai/private" });
    expect((await served("private"))[0]!.body["store"]).toBe(false);
  });

  test("no error holds the prompt, or the key that a server repeats", async () => {
    for (const provider of providers.map(({ id }) => id)) {
      const modelOverride = `${provider}/leak~400-echo`;
      const work = gatewayWith().generate(ask("a very private question"), { signal: never, modelOverride });
      const error = await failureOf(work);
      const whole = `${error.message} ${JSON.stringify(error.details)}`;
      expect(error).toMatchObject({ code: "model-rejected" });
      expect(whole).not.toContain("private question");
      expect(whole).not.toContain(goodKey);
    }
  });
});

describe("without a model", () => {
  test.each([
    [{ "llm.enabled": "false", "llm.models": "ollama/x" }, "disabled"],
    [{}, "unconfigured"],
    [{ "llm.models": "nobody/x" }, "invalid"],
    [{ "llm.models": "x" }, "invalid"],
    [{ "llm.models": "compatible/x", "llm.addresses": "compatible=ftp://x" }, "invalid"],
  ] as const)("%j: it is said why, and once in the log", async (settings, reason) => {
    const telemetry = await recordTelemetry();
    const gateway = gatewayWith(settings, { log: telemetry.log });
    const found = gateway.availability("ask");
    expect(found).toMatchObject({ isAvailable: false, reason });
    gateway.availability("review");
    expect(telemetry.lines).toHaveLength(1);
    expect(await codeOf(gateway.generate(ask(), { signal: never }))).toMatch(/^model-un(configured|known)$/);
  });

  test("a server that is silent is given up, and asked no more often than every ten seconds", async () => {
    const gateway = gatewayWith({ "llm.models": "ollama/x~silent" });
    const [first, second] = await Promise.all([gateway.status(never), gateway.status(never)]);
    expect(first.models).toMatchObject([{ isAnswering: false, code: "model-unavailable" }]);
    expect(await gateway.status(never)).toBe(first);
    expect(second).toBe(first);
  }, 10_000);

  test("a status says so too", async () => {
    expect((await gatewayWith().status(never)).status).toBe("not-configured");
    expect(
      (await gatewayWith({ "llm.enabled": "false", "llm.models": "ollama/x" }).status(never)).status,
    ).toBe("disabled");
    const gone = createTestGateway(
      { addresses: "ollama=http://127.0.0.1:1", keys: "" },
      platform.stores.calls,
      {
        settings: { "llm.models": "ollama/x" },
      },
    );
    expect(await gone.status(never)).toMatchObject({
      status: "unavailable",
      models: [{ model: "ollama/x", isAnswering: false, code: "model-unavailable" }],
    });
  });
});
