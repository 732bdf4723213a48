import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runProgram, type CliResult } from "../support/cli.ts";
import { goodKey, type ModelServer, startModelServer } from "../support/model-server.ts";
import { temporaryFolder } from "../support/repositories.ts";
import { startServing } from "../support/serving.ts";

/** The real program and models, as an operator sets them up. */
let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());

function environmentOf(models: string): Record<string, string> {
  return {
    REPOWRIGHT_LLM_MODELS: models,
    REPOWRIGHT_LLM_ADDRESSES: server.addresses,
    OPENAI_API_KEY: goodKey,
    OLLAMA_HOST: `${server.url}/ollama`,
  };
}

test("llm status asks the providers with keys from the environment, and prints none of them", async () => {
  const folder = temporaryFolder();
  const run = (args: readonly string[], environment: Record<string, string>): Promise<CliResult> =>
    runProgram(args, { cwd: folder, dataDir: folder, environment });
  const good = await run(["llm", "status"], environmentOf("ollama/a,openai/b,google/c"));
  expect(good.code).toBe(0);
  expect(good.stdout).toMatch(/ok +ollama\/a/);
  expect(good.stdout).toMatch(/ok +openai\/b/);
  expect(good.stdout).toMatch(/FAIL +google\/c .*GEMINI_API_KEY/);
  expect((await run(["llm", "status"], environmentOf("ollama/a~404"))).code).toBe(1);
  const none = await run(["llm", "status"], {});
  expect([none.code, none.stderr]).toEqual([
    0,
    "No model is configured (llm.models). What needs no model still works.\n",
  ]);
  const wrong = await run(["llm", "status", "--log-level", "debug"], {
    ...environmentOf("openai/b"),
    OPENAI_API_KEY: "wrong-key-0123456789",
  });
  expect(wrong.code).toBe(1);
  expect(wrong.stdout).toContain("model-key-invalid");
  expect(`${wrong.stdout}${wrong.stderr}${good.stdout}${good.stderr}`).not.toMatch(/(good|wrong)-key/);
}, 60_000);

test("a server tells whether models can be asked, and the ledger is read through it", async () => {
  const dataDir = temporaryFolder();
  const environment = environmentOf("default=ollama/a");
  const serving = await startServing({ dataDir, environment });
  const health = await serving.ask("/health/llm");
  expect([health.status, health.body.status]).toEqual([200, "answering"]);
  // The server has the data directory, so the command line goes through it.
  for (const [args, shown] of [
    [["llm", "calls", "--json"], { calls: [] }],
    [["llm", "cost", "--json"], { by: "model", days: 30, costUsd: 0, unpriced: 0, lines: [] }],
  ] as const) {
    const result = await runProgram(args, { cwd: dataDir, dataDir, environment });
    expect(result.code, result.stderr).toBe(0);
    expect(JSON.parse(result.stdout)).toEqual(shown);
  }
  expect((await serving.ask("/metrics")).text).toContain("repowright_llm_calls_total");
}, 60_000);

test("a repository's own settings cannot turn models elsewhere", async () => {
  const folder = temporaryFolder();
  writeFileSync(`${folder}/repowright.toml`, '[llm.addresses]\nopenai = "http://evil.example/v1"\n');
  const result = await runProgram(["llm", "status"], {
    cwd: folder,
    dataDir: `${folder}/data`,
    environment: {},
  });
  expect(result.code).toBe(2);
  expect(result.stderr).toContain("llm.addresses");
});
