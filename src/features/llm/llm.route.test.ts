import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServer } from "../../../test/support/api-server.ts";
import { type ModelServer, startModelServer } from "../../../test/support/model-server.ts";
import { startMode, type TestMode } from "../../../test/support/platforms.ts";
import { createTestGateway } from "../../../test/support/test-gateway.ts";
import { createRemoteStores } from "../../adapters/http/remote-stores.ts";
import type { NewCall } from "../../contracts/model-call.ts";
import type { Platform } from "../../contracts/platform.ts";
import getCost from "./get-cost.route.ts";
import healthLlm from "./health-llm.route.ts";
import listCalls from "./list-calls.route.ts";

const routes = [healthLlm, listCalls, getCost] as unknown as Parameters<typeof startServer>[0];
const never = new AbortController().signal;
let models: ModelServer;
let mode: TestMode;
let platform: Platform;

beforeAll(async () => {
  models = await startModelServer();
  mode = await startMode("embedded");
  platform = await mode.open(new Map());
}, 60_000);
afterAll(async () => {
  await mode.close();
  await models.close();
});

describe("GET /health/llm", () => {
  const ask = async (url: string) => {
    const response = await fetch(`${url}/health/llm`);
    return [response.status, await response.json()];
  };

  test("is 200 while a model can be asked and 503 when its server is gone, ten seconds later at most", async () => {
    const own = await startModelServer();
    let now = Date.now();
    const gateway = createTestGateway(own, platform.stores.calls, {
      settings: { "llm.models": "ollama/a,openai/b~401" },
      now: () => now,
    });
    const { url } = await startServer(routes, { models: async () => gateway });
    const answering = { status: "answering", configured: 2, answering: 1 };
    expect(await ask(url)).toEqual([200, answering]);
    await own.close();
    expect(await ask(url)).toEqual([200, answering]);
    now += 11_000;
    expect(await ask(url)).toEqual([503, { status: "unavailable", configured: 2, answering: 0 }]);
  });

  test.each([
    [{}, { status: "not-configured", configured: 0, answering: 0 }],
    [
      { "llm.models": "ollama/a", "llm.enabled": "false" },
      { status: "disabled", configured: 0, answering: 0 },
    ],
    [{ "llm.models": "ollama/a~404" }, { status: "unavailable", configured: 1, answering: 0 }],
  ] as const)("with %j it is 503 and says why", async (settings, body) => {
    const gateway = createTestGateway(models, platform.stores.calls, { settings });
    const { url } = await startServer(routes, { models: async () => gateway });
    expect(await ask(url)).toEqual([503, body]);
  });

  test("a model that is left alone after failures is not there", async () => {
    const settings = { "llm.models": "compatible/good" };
    const gateway = createTestGateway(models, platform.stores.calls, { settings });
    const failing = createTestGateway(models, platform.stores.calls);
    const question = {
      task: "ask" as const,
      messages: [{ role: "user" as const, text: "x" }],
      maxOutputTokens: 9,
    };
    const options = { signal: never, modelOverride: "compatible/alone~429-long" };
    await expect(failing.generate(question, options)).rejects.toMatchObject({ code: "model-overloaded" });
    const cooled = createTestGateway(models, platform.stores.calls, {
      settings: { "llm.models": "compatible/alone~429-long" },
    });
    expect((await gateway.status(never)).status).toBe("answering");
    expect(await cooled.status(never)).toMatchObject({
      status: "unavailable",
      models: [{ code: "model-overloaded", message: expect.stringContaining("Left alone") as string }],
    });
  });
});

describe("the ledger over HTTP", () => {
  test("is the ledger, in pages and sums; and only to be read", async () => {
    const { calls } = platform.stores;
    await platform.database.query("delete from llm_calls");
    const gateway = createTestGateway(models, calls);
    for (const jobId of ["a", "b", "a"])
      await gateway.generate(
        {
          task: "ask",
          messages: [{ role: "user", text: `echo: ${jobId}` }],
          maxOutputTokens: 9,
          mayUseCache: false,
        },
        { signal: never, jobId, modelOverride: "openrouter/x" },
      );
    const { url } = await startServer(routes, { platform: async () => platform });
    const far = createRemoteStores({ url, token: "" }).calls;
    const first = await far.list({}, { limit: 2 });
    const second = await far.list({}, { limit: 2, cursor: first.nextCursor! });
    expect([...first.items, ...second.items]).toEqual((await calls.list({}, { limit: 9 })).items);
    expect(
      (await far.list({ jobId: "a", task: "ask", provider: "openrouter", outcome: "answered" }, { limit: 9 }))
        .items,
    ).toHaveLength(2);
    expect(await far.cost("job", 1)).toEqual(await calls.cost("job", 1));
    expect(await far.cost("job", 1)).toMatchObject([
      { key: "a", calls: 2, costUsd: 0.002 },
      { key: "b", calls: 1, costUsd: 0.001 },
    ]);
    await expect(far.begin({} as NewCall)).rejects.toMatchObject({ code: "model-calls-at-server" });
  });

  test("is for members only, and refuses what it does not know", async () => {
    const { url } = await startServer(routes, { platform: async () => platform }, { token: "t0ken-t0ken" });
    expect((await fetch(`${url}/v1/llm/calls`)).status).toBe(401);
    expect((await fetch(`${url}/v1/llm/cost`)).status).toBe(401);
    const headers = { authorization: "Bearer t0ken-t0ken" };
    expect((await fetch(`${url}/v1/llm/calls?outcome=nice`, { headers })).status).toBe(400);
    expect((await fetch(`${url}/v1/llm/calls?cursor=x`, { headers })).status).toBe(400);
    expect((await fetch(`${url}/v1/llm/cost?by=mood`, { headers })).status).toBe(400);
  });
});
