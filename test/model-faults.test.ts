import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { isAppError } from "../src/base/errors.ts";
import type { ModelCall } from "../src/contracts/model-call.ts";
import type { ModelGateway } from "../src/contracts/model-gateway.ts";
import type { Platform } from "../src/contracts/platform.ts";
import { type Fault, faults } from "./support/model-faults.ts";
import { type ModelServer, type ServedCall, startModelServer } from "./support/model-server.ts";
import { startMode, type TestMode } from "./support/platforms.ts";
import { createTestGateway } from "./support/test-gateway.ts";

/**
 * Every fault by every protocol, in one piece and streamed: what the caller gets, and that our ledger says what the
 * server's log says. The table in docs/reference/model-faults.md is what was observed here.
 */
const protocolNames = ["ollama", "compatible", "openai", "anthropic", "google"] as const;
const isStructured = (fault: Fault): boolean => fault.endsWith("-object");
const schema = z.object({ answer: z.number() });
const never = new AbortController().signal;

interface Observed {
  /** Who answered, or the error's code. */
  readonly end: string;
  /** Calls of the failing model, as the ledger has them. */
  readonly calls: string;
}

let server: ModelServer;
let mode: TestMode;
let platform: Platform;
let gateway: ModelGateway;

beforeAll(async () => {
  server = await startModelServer();
  mode = await startMode("embedded");
  platform = await mode.open(new Map());
  gateway = createTestGateway(server, platform.stores.calls);
}, 60_000);
afterAll(async () => {
  await mode.close();
  await server.close();
});

/** With a second model in the chain, which works. */
async function observe(protocol: string, fault: Fault, isStreamed: boolean): Promise<Observed> {
  const model = `m~${fault}.${isStreamed ? 1 : 0}`;
  let streamed = "";
  const text = isStructured(fault) ? 'json: {"answer": 42}' : "echo: the whole answer of the model";
  const end = await gateway
    .generate(
      {
        task: "ask",
        system: "You answer.",
        messages: [{ role: "user", text }],
        maxOutputTokens: 200,
        ...(isStructured(fault) ? { schema } : {}),
      },
      {
        signal: never,
        modelOverride: `${protocol}/${model},compatible/good`,
        ...(isStreamed
          ? { onEvent: (event) => void (streamed = event.kind === "delta" ? streamed + event.text : "") }
          : {}),
      },
    )
    .then((answer) => {
      const isAsIs = !isStreamed || streamed === answer.text;
      const isRight = isStructured(fault)
        ? (answer.object as { answer?: number } | undefined)?.answer === 42
        : answer.isTruncated || answer.text === "the whole answer of the model";
      if (!isAsIs || !isRight) return `a wrong answer: ${answer.text}`;
      const by = answer.model === model ? "answers" : "next model";
      return answer.isTruncated ? `${by}, truncated` : by;
    })
    .catch((error: unknown) => {
      if (isAppError(error)) return error.code;
      throw error;
    });
  const rows = await callsOf(protocol, model);
  return {
    end,
    calls: rows
      .map(({ outcome, purpose, code }) => [purpose, outcome, code ?? ""].join(" ").trim())
      .join(", "),
  };
}

async function callsOf(provider: string, model: string): Promise<readonly ModelCall[]> {
  const { items } = await platform.stores.calls.list({ provider }, { limit: 5_000 });
  return items.filter((call) => call.model === model).toReversed();
}

const observed = new Map<string, Observed>();

describe.each(protocolNames)("%s", (protocol) => {
  test("every fault ends as the table says", { timeout: 60_000 }, async () => {
    const cases = (Object.keys(faults) as Fault[]).flatMap((fault) => [
      [fault, false] as const,
      [fault, true] as const,
    ]);
    await Promise.all(
      cases.map(async ([fault, isStreamed]) =>
        observed.set(`${fault} ${isStreamed} ${protocol}`, await observe(protocol, fault, isStreamed)),
      ),
    );
    for (const fault of Object.keys(faults) as Fault[])
      for (const isStreamed of [false, true]) {
        const { end } = observed.get(`${fault} ${isStreamed} ${protocol}`)!;
        expect.soft(end, `${fault}, ${isStreamed ? "streamed" : "whole"}`).toBe(expectedEnd(fault, protocol));
      }
  });

  test("the ledger says what the server's log says, call for call and token for token", async () => {
    const path = protocol === "google" ? "gemini" : protocol;
    const served = (await server.calls()).filter((call) => call.protocol === path);
    const { items } = await platform.stores.calls.list({ provider: protocol }, { limit: 5_000 });
    // What the cache answers, nobody is asked.
    const rows = items.filter(({ outcome }) => outcome !== "cached").toReversed();
    const models = new Set(served.map(({ model }) => model));
    expect(models.size).toBeGreaterThan(60);
    expect(new Set(rows.map(({ model }) => model))).toEqual(models);
    for (const model of models) {
      const ours = rows.filter((row) => row.model === model);
      const theirs = served.filter((call) => call.model === model);
      expect.soft(ours.map(tokensOf), model).toEqual(
        // What a provider says beside an answer that cannot be used may be lost; then it is unknown, not nothing.
        theirs.map((call, index) => (isUnknown(ours[index]) ? "unknown" : toldTokens(call))),
      );
    }
  });
});

function isUnknown(row: ModelCall | undefined): boolean {
  return row !== undefined && row.outcome === "failed" && row.inputTokens === null;
}

function tokensOf(row: ModelCall): string {
  if (isUnknown(row)) return "unknown";
  return [row.inputTokens, row.cacheReadTokens, row.cacheWriteTokens, row.outputTokens]
    .map((tokens) => tokens ?? 0)
    .join(" ");
}

function toldTokens({ usage, protocol }: ServedCall): string {
  if (usage === null) return "0 0 0 0";
  const fresh = usage.input + (protocol === "anthropic" ? 0 : usage.cacheWrite);
  return [fresh, usage.cacheRead, protocol === "anthropic" ? usage.cacheWrite : 0, usage.output].join(" ");
}

function expectedEnd(fault: Fault, protocol: string): string {
  if (fault === "400-other" || fault === "422" || fault === "redirect") return "model-rejected";
  if (fault === "400-filter") return "model-refused";
  // Ollama has no filter, and Anthropic's package takes an answer without usage for none.
  if (fault === "filter") return protocol === "ollama" ? "answers" : "model-refused";
  if (fault === "no-usage") return protocol === "anthropic" ? "next model" : "answers";
  if (fault === "length") return "answers, truncated";
  return "next model";
}

test("the table of the documents is what was observed", async () => {
  const lines = [
    "# Faults of models",
    "",
    "Written by `test/model-faults.test.ts`, which provokes each fault on every protocol, in one piece and streamed, with a",
    "second model in the chain. One further try is allowed (`llm.retries`). In the last column the calls of the failing",
    "model as the ledger has them.",
    "",
    "| fault | end | calls |",
    "| --- | --- | --- |",
  ];
  for (const fault of Object.keys(faults) as Fault[]) {
    const ends = new Map<string, string[]>();
    for (const [key, { end, calls }] of observed)
      if (key.startsWith(`${fault} `)) {
        const [, isStreamed, protocol] = key.split(" ");
        const who = `${protocol}${isStreamed === "true" ? " streamed" : ""}`;
        ends.set(`${end} | ${calls}`, [...(ends.get(`${end} | ${calls}`) ?? []), who]);
      }
    const [most, ...others] = [...ends].toSorted((a, b) => b[1].length - a[1].length);
    lines.push(`| ${faults[fault]} | ${most?.[0] ?? ""} |`);
    for (const [end, who] of others) lines.push(`| … ${who.toSorted().join(", ")} | ${end} |`);
  }
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("../docs/reference/model-faults.md");
});
