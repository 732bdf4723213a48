import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { SearchEvaluation } from "../src/core/index/evaluation/evaluation.ts";
import type { FileSearchResult, SearchResult } from "../src/contracts/search.ts";
import { type CliResult, runProgram } from "./support/cli.ts";
import { growRepository } from "./support/grown-repository.ts";
import { type ModelServer, startModelServer } from "./support/model-server.ts";
import { createRepository, temporaryFolder } from "./support/repositories.ts";
import { descendants, jobIs, startServing } from "./support/serving.ts";

let models: ModelServer;
beforeAll(async () => {
  models = await startModelServer();
});
afterAll(() => models.close());

const batch = 64;
const functions = 300;

/** A repository with more functions than four batches hold. */
function createSource(folder: string): string {
  const files: Record<string, string> = {};
  for (let at = 0; at < functions; at++) {
    const path = `src/part_${Math.floor(at / 15)}.py`;
    files[path] =
      `${files[path] ?? ""}def weigh_${at}(one, other):\n    """Says which of both is number ${at}."""\n    return one.weight * ${at}\n\n\n`;
  }
  return createRepository(folder, [{ message: "Weigh pairs", files }]);
}

/** In front of the scripted models: sees every text, and can keep an answer to itself. */
async function startGate(): Promise<{
  readonly url: string;
  readonly batches: (readonly string[])[];
  /** Called with each batch; false: it is never answered. */
  mayPass: () => boolean;
}> {
  const gate = { url: "", batches: [] as (readonly string[])[], mayPass: () => true };
  const server = createServer((request, response) => {
    void (async () => {
      let body = "";
      for await (const chunk of request.setEncoding("utf8")) body += chunk;
      if (request.url!.endsWith("/embeddings")) {
        gate.batches.push([(JSON.parse(body) as { input: string | string[] }).input].flat());
        if (!gate.mayPass()) return;
      }
      const answer = await fetch(`${models.url}/compatible${request.url!}`, {
        method: request.method!,
        headers: { "content-type": "application/json" },
        ...(body === "" ? {} : { body }),
      });
      response
        .writeHead(answer.status, { "content-type": "application/json" })
        .end(Buffer.from(await answer.arrayBuffer()));
    })().catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  gate.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return gate;
}

test("kill -9 in the middle of embedding: the next run goes on, nothing is lost, one batch at most is asked twice", async () => {
  const folder = temporaryFolder();
  const source = createSource(join(folder, "r"));
  const gate = await startGate();
  const run = (args: readonly string[], onStart = (_kill: () => void): void => {}): Promise<CliResult> =>
    runProgram(args, {
      cwd: source,
      dataDir: join(folder, "data"),
      environment: {
        REPOWRIGHT_LLM_MODELS: "embed=compatible/good",
        REPOWRIGHT_LLM_ADDRESSES: `compatible=${gate.url}`,
        REPOWRIGHT_SEARCH_EMBEDDINGS: "on",
      },
      onStart: (child) => onStart(() => child.kill("SIGKILL")),
    });
  const killed = await run(["index", "--no-learn"], (kill) => {
    gate.mayPass = () => {
      if (gate.batches.length < 4) return true;
      kill();
      return false;
    };
  });
  expect(killed.code).toBe(null);
  expect(gate.batches.map((texts) => texts.length)).toEqual([batch, batch, batch, batch]);

  gate.mayPass = () => true;
  const again = await run(["index", "--no-learn", "--json"]);
  expect(again).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(again.stdout)).toMatchObject({
    embedding: { model: "compatible/good", pieces: functions, embedded: functions - 3 * batch },
  });
  const asked = gate.batches.flat();
  expect(new Set(asked).size).toBe(functions);
  expect(asked.length).toBe(functions + batch);

  const batches = gate.batches.length;
  const third = await run(["index", "--no-learn"]);
  expect(third.stdout).toContain("300 pieces have a vector of compatible/good, 0 of them made now");
  expect(gate.batches.length).toBe(batches);

  const found = await run(["search", "weigh pairs by number", "--json"]);
  expect(found).toMatchObject({ code: 0, stderr: "" });
  const { hits } = JSON.parse(found.stdout) as SearchResult;
  expect(hits.some(({ signals }) => (signals["dense"] ?? 0) > 0)).toBe(true);
  // The provider goes away: the same places as without vectors, and one line about it.
  gate.mayPass = () => false;
  const [without, down] = [
    await run(["search", "weigh other pairs", "--json", "--search-embeddings", "off"]),
    await run(["search", "weigh other pairs", "--json", "--llm-timeout", "1s", "--llm-retries", "0"]),
  ];
  expect(without).toMatchObject({ code: 0, stderr: "" });
  expect(down).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^Vectors were left out: .*compatible\/good.*\n$/),
  });
  const hitsOf = ({ stdout }: CliResult): unknown => (JSON.parse(stdout) as SearchResult).hits;
  expect(hitsOf(down)).toEqual(hitsOf(without));
}, 120_000);

test("a server's job makes vectors by way of its worker, goes on after kill -9 of its process, and search uses them", async () => {
  const folder = temporaryFolder();
  const source = createSource(join(folder, "r"));
  const gate = await startGate();
  const server = await startServing({
    dataDir: join(folder, "data"),
    environment: {
      REPOWRIGHT_LLM_MODELS: "embed=compatible/good",
      REPOWRIGHT_LLM_ADDRESSES: `compatible=${gate.url}`,
      REPOWRIGHT_SEARCH_EMBEDDINGS: "on",
    },
  });
  let kills = 0;
  gate.mayPass = () => {
    if (gate.batches.length !== 3) return true;
    for (const pid of descendants(server.pid)) {
      process.kill(pid, "SIGKILL");
      kills++;
    }
    return false;
  };
  const started = await server.post("/v1/jobs", { kind: "index", source, options: { learn: false } });
  expect(started.status).toBe(202);
  const job = await jobIs(server, started.body.id, "completed", 60_000);
  expect(job.attempt).toBe(2);
  expect(kills).toBeGreaterThan(0);
  expect(new Set(gate.batches.flat()).size).toBe(functions);
  expect(gate.batches.flat().length).toBe(functions + batch);
  const result = await server.ask(`/v1/jobs/${job.id}/result`);
  expect(JSON.parse(result.text)).toMatchObject({
    embedding: { pieces: functions, embedded: functions - 2 * batch },
  });
  const { body } = await server.ask(`/v1/llm/calls?job=${job.id}`);
  expect(body.items).toHaveLength(Math.ceil(functions / batch) + 1);
  const { body: list } = await server.ask("/v1/repositories");
  const path = `/v1/repositories/${list.items[0]!.id}/search?files=true&q=weigh+pairs`;
  const found = JSON.parse((await server.ask(path)).text) as FileSearchResult;
  expect(found.notes).toEqual([]);
  expect(found.files.some(({ signals }) => (signals["dense"] ?? 0) > 0)).toBe(true);
}, 120_000);

test("the harness measures vectors alone and in search, for files, functions and documentation", async () => {
  const folder = temporaryFolder();
  const gate = await startGate();
  const { code, stdout, stderr } = await runProgram(
    ["eval", "search", "--embeddings", "--commits", "12", "--json"],
    {
      cwd: growRepository(join(folder, "r"), 20),
      dataDir: join(folder, "data"),
      environment: {
        REPOWRIGHT_LLM_MODELS: "embed=compatible/good",
        REPOWRIGHT_LLM_ADDRESSES: `compatible=${gate.url}`,
      },
    },
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const { files, functions: ranked, docSentences, denseGain } = JSON.parse(stdout) as SearchEvaluation;
  for (const comparison of [files.all, ranked, docSentences]) {
    expect(comparison.n).toBeGreaterThanOrEqual(12);
    expect(comparison.methods).toMatchObject({ ours: {}, dense: { mrr: {} }, fused: { mrr: {} } });
  }
  for (const [gain, { methods }] of [
    [denseGain!.files, files.all],
    [denseGain!.functions, ranked],
    [denseGain!.docSentences, docSentences],
  ] as const)
    expect(gain.value).toBeCloseTo(methods.fused!.mrr.value - methods.ours.mrr.value, 6);
  // Documentation is asked about code alone: what it says itself would be found too easily.
  const withoutComments = gate.batches.flat().filter((text) => !text.includes("Takes "));
  expect(withoutComments.some((text) => text.includes("def refuse_broken_frames"))).toBe(true);
}, 60_000);
