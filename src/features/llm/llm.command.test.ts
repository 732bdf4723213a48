import { expect, test } from "vitest";
import { recordTerminal } from "../../../test/support/terminal.ts";
import { toAppError } from "../../base/errors.ts";
import { parseArguments } from "../../cli/arguments.ts";
import type { CommandDefinition } from "../../contracts/command.ts";
import type { CallLedger, CostLine, ModelCall } from "../../contracts/model-call.ts";
import type { GatewayStatus, ModelGateway } from "../../contracts/model-gateway.ts";
import type { Services } from "../../contracts/services.ts";
import { formatCost } from "./amounts.ts";
import llmCalls from "./llm-calls.command.ts";
import llmCost from "./llm-cost.command.ts";
import llmStatus from "./llm-status.command.ts";

const call: ModelCall = {
  id: "0198c5a0-7b1e-7000-8000-000000000000",
  questionId: "q",
  traceId: null,
  jobId: null,
  task: "ask",
  purpose: "retry",
  provider: "openai",
  model: "gpt",
  answeredBy: "gpt-2026",
  outcome: "failed",
  code: "model-unavailable",
  httpStatus: 500,
  inputTokens: 12,
  cacheReadTokens: 0,
  cacheWriteTokens: null,
  outputTokens: 3,
  costUsd: null,
  redactions: 0,
  startedAt: "2026-01-02T03:04:05.678Z",
  durationMs: 99,
};
const line: CostLine = {
  key: "openai/gpt",
  calls: 3,
  cached: 1,
  failed: 1,
  inputTokens: 12,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 3,
  costUsd: 0.00042,
  unpriced: 2,
};

async function run(command: unknown, args: readonly string[], services: unknown) {
  const definition = command as CommandDefinition;
  const terminal = recordTerminal();
  const { positionals, options } = parseArguments(definition, [...args]);
  const code = await definition
    .run({
      positionals,
      options: options as never,
      services: services as Services,
      terminal,
      cwd: "/",
      signal: new AbortController().signal,
    })
    .catch((error: unknown) => toAppError(error).code);
  return { code, output: terminal.output(), notes: terminal.notes() };
}
const withStatus = (status: GatewayStatus) => ({
  models: async () => ({ status: async () => status }) as unknown as ModelGateway,
});
const withCalls = (ledger: Partial<CallLedger>) => ({ stores: async () => ({ calls: ledger }) });
const state = {
  model: "ollama/a",
  tasks: ["ask", "review"],
  isAnswering: true,
  code: null,
  message: null,
  contextWindow: 4_096,
  durationMs: 5,
};

test("status: a line for each model, and failure when none can be asked", async () => {
  const bad = {
    ...state,
    model: "openai/\u001b[2Jx",
    isAnswering: false,
    code: "model-key-invalid" as const,
    message: "401: no",
  };
  const good = await run(
    llmStatus,
    [],
    withStatus({ status: "answering", message: null, models: [state, bad] }),
  );
  expect(good.code).toBe(0);
  expect(good.output).toMatch(
    /^ok {4}ollama\/a .*ask,review {2}4096 tokens, 5 ms\nFAIL {2}openai\/.*model-key-invalid: 401: no\n$/,
  );
  expect(good.output).not.toContain("\u001b");
  const none = { status: "unavailable" as const, message: "None.", models: [bad] };
  expect((await run(llmStatus, [], withStatus(none))).code).toBe(1);
  const json = await run(llmStatus, ["--json"], withStatus(none));
  expect(JSON.parse(json.output)).toEqual(none);
  const off = await run(
    llmStatus,
    [],
    withStatus({ status: "not-configured", message: "Nothing.", models: [] }),
  );
  expect(off).toEqual({ code: 0, output: "", notes: "Nothing.\n" });
});

test("calls: unknown is shown as unknown; filters and pages are asked for", async () => {
  const asked: unknown[] = [];
  const ledger: Partial<CallLedger> = {
    list: async (filter, page) => {
      asked.push([filter, page]);
      return { items: [call], nextCursor: asked.length === 1 ? "next" : null };
    },
  };
  const shown = await run(
    llmCalls,
    ["--task", "ask", "--outcome", "failed", "--limit", "150"],
    withCalls(ledger),
  );
  expect(shown.output).toContain(
    "2026-01-02 03:04:05  ask   openai/gpt  failed   12  0       ?        3    unknown  99  retry model-unavailable\n",
  );
  expect(asked).toEqual([
    [
      { jobId: undefined, task: "ask", provider: undefined, outcome: "failed" },
      { limit: 100, cursor: undefined },
    ],
    [
      { jobId: undefined, task: "ask", provider: undefined, outcome: "failed" },
      { limit: 100, cursor: "next" },
    ],
  ]);
  const json = await run(
    llmCalls,
    ["--json"],
    withCalls({ list: async () => ({ items: [call], nextCursor: null }) }),
  );
  expect(JSON.parse(json.output)).toEqual({ calls: [call] });
  expect((await run(llmCalls, ["--outcome", "nice"], withCalls(ledger))).code).toBe("usage");
  expect((await run(llmCalls, ["--limit", "0"], withCalls(ledger))).code).toBe("usage");
  const none = await run(llmCalls, [], withCalls({ list: async () => ({ items: [], nextCursor: null }) }));
  expect(none).toEqual({ code: 0, output: "", notes: "There are no such calls.\n" });
});

test("cost: sums, and apart from them what nobody knows", async () => {
  const asked: unknown[] = [];
  const ledger: Partial<CallLedger> = {
    cost: async (...given) => {
      asked.push(given);
      return [line];
    },
  };
  const shown = await run(llmCost, [], withCalls(ledger));
  expect(shown.output.split("\n").at(-2)).toBe("$0.00042 in 30 days + 2 calls at an unknown price");
  await run(llmCost, ["--by", "day", "--days", "7"], withCalls(ledger));
  expect(asked).toEqual([
    ["model", 30],
    ["day", 7],
  ]);
  const json = await run(llmCost, ["--json"], withCalls(ledger));
  expect(JSON.parse(json.output)).toEqual({
    by: "model",
    days: 30,
    costUsd: 0.00042,
    unpriced: 2,
    lines: [line],
  });
  expect((await run(llmCost, ["--by", "mood"], withCalls(ledger))).code).toBe("usage");
});

test.each([
  [null, "unknown"],
  [0, "$0.00"],
  [0.00042, "$0.00042"],
  [0.0099, "$0.0099"],
  [1.239, "$1.24"],
])("%s dollars are %s", (cost, text) => {
  expect(formatCost(cost)).toBe(text);
});
