import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import type { SearchResult } from "../../src/contracts/search.ts";
import { type AskResult, askResultSchema } from "../../src/features/ask/ask-result.ts";
import { type CliResult, runProgram } from "../support/cli.ts";
import { startGitServer } from "../support/git-http-server.ts";
import { goodKey, type ModelServer, startModelServer } from "../support/model-server.ts";
import { createRepository, git, temporaryFolder } from "../support/repositories.ts";
import { type Answer, jobIs, startServing } from "../support/serving.ts";

/** Questions and searches of the real program: alone, over HTTP, and beside a server. */
vi.setConfig({ testTimeout: 90_000 });
let models: ModelServer;
beforeAll(async () => {
  models = await startModelServer();
});
afterAll(() => models.close());

const limits = "# Refuses uploads that are too large.\ndef check_upload(size):\n    return size < 1000\n";
const question = "where are uploads checked?";
const answered = `${question}\necho: In src/limits.py:2-3.`;

function environmentOf(model = "compatible/good"): Record<string, string> {
  return {
    REPOWRIGHT_LLM_MODELS: model,
    REPOWRIGHT_LLM_ADDRESSES: models.addresses,
    OPENAI_API_KEY: goodKey,
    REPOWRIGHT_ANALYZE_WORKERS: "1",
    REPOWRIGHT_GIT_PROTOCOLS: "http,https,ssh",
    REPOWRIGHT_GIT_ALLOW_PRIVATE_HOSTS: "true",
  };
}

function createSample(folder: string): string {
  return createRepository(join(folder, "r"), [
    { message: "Start", files: { "README.md": "# Uploads\n" } },
    {
      message: "Limit uploads",
      files: { "src/limits.py": limits, "<img src=x>\u001b[31m.py": "upload = 1\n" },
    },
  ]);
}

const resultOf = (run: CliResult): AskResult => {
  expect(run.code, run.stderr).toBe(0);
  return askResultSchema.parse(JSON.parse(run.stdout));
};

test("ask on a command line: with a model, without, going on, and when no model can answer", async () => {
  const folder = temporaryFolder();
  const repository = createSample(folder);
  const run = (args: readonly string[], environment = environmentOf()): Promise<CliResult> =>
    runProgram(args, { cwd: repository, dataDir: join(folder, "data"), environment });
  const asked = resultOf(await run(["ask", answered, "--json"]));
  expect(asked).toMatchObject({
    by: "model",
    answer: "In src/limits.py:2-3.",
    isSupported: true,
    citations: [{ path: "src/limits.py", startLine: 2, endLine: 3, exists: true, wasShown: true }],
  });
  const shown = await run(["ask", answered]);
  expect(shown.stdout).toMatch(/^In src\/limits\.py:2-3\.\n\nChecked\n {2}src\/limits\.py:2-3\n$/);
  expect(shown.stderr).toContain("kept from an earlier call");
  const next = resultOf(await run(["ask", "-c", "and then?\necho: src/limits.py:3", "--json"]));
  expect(next.conversation.map((turn) => turn.answer)).toEqual(
    [asked.answer, "In src/limits.py:2-3.", "src/limits.py:3"].slice(-next.conversation.length),
  );
  expect(next.conversation.length).toBe(2);

  const without = await run(["ask", question], environmentOf("compatible/down~503"));
  expect(without.code).toBe(0);
  expect(without.stdout).toMatch(/^src\/limits\.py:1-3 {2}function check_upload\n/);
  expect(without.stderr).toMatch(/No model answered: .*503/);
  const calls = await run(["llm", "calls", "--json"]);
  const { calls: ledger } = JSON.parse(calls.stdout) as { calls: { task: string; outcome: string }[] };
  expect(ledger.filter(({ outcome }) => outcome === "answered")).toHaveLength(2);
  // No name of a file reaches the terminal as it is.
  const search = await run(["search", "upload", "-k", "9"]);
  expect(search.stdout).toContain(String.raw`<img src=x>\x1b[31m.py:1-1`);
  expect(search.stdout).not.toContain("\u001b");
  expect(await run(["search", "/(/"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("parenthesis"),
  });
});

test("search and ask over HTTP, and a command line beside the server", async () => {
  const folder = temporaryFolder();
  const repository = createSample(folder);
  const dataDir = join(folder, "data");
  const environment = environmentOf();
  const serving = await startServing({ dataDir, environment });
  const { body: registered } = await serving.post("/v1/repositories", { source: repository });
  const at = `/v1/repositories/${registered.id}`;
  type Found = SearchResult & { readonly jobId: string | null };
  const search = async (query: string): Promise<Found> =>
    (await serving.ask(`${at}/search?${query}`)).body as unknown as Found;

  // Nothing is read yet: one job does it, however many ask.
  const first = await Promise.all([search("q=upload"), search("q=upload"), search("q=limits&files=true")]);
  expect(first[0].complete && first[1].complete && first[2].complete).toBe(false);
  expect(first[2]).toMatchObject({
    files: expect.arrayContaining([expect.objectContaining({ path: "src/limits.py" })]),
  });
  const ids = [...new Set(first.flatMap(({ jobId }) => jobId ?? []))];
  const reading = await Promise.all(ids.map((id) => jobIs(serving, id, "completed")));
  // So small a repository may be read before the last of the three looks: then, and only then, there is another job.
  const [one, another] = reading.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  expect(another === undefined || another.createdAt >= one!.finishedAt!).toBe(true);
  const later = await search("q=where+are+uploads+checked");
  expect(later).toMatchObject({
    complete: true,
    jobId: null,
    rev: git(repository, ["rev-parse", "HEAD"]).trim(),
  });
  expect(later.hits[0]).toMatchObject({
    path: "src/limits.py",
    symbol: "check_upload",
    startLine: 1,
    endLine: 3,
  });
  expect((await search("q=upload&limit=1")).hits).toHaveLength(1);
  for (const [path, status, code] of [
    [`${at}/search?q=upload&rev=nothing`, 404, "revision-unknown"],
    [`${at}/search?q=upload&limit=201`, 400, "request-invalid"],
    [`${at}/search?q=`, 400, "request-invalid"],
    [`${at}/search?q=%00`, 400, "request-invalid"],
    [`${at}/search?q=/(/`, 400, "usage"],
    [`/v1/repositories/${crypto.randomUUID()}/search?q=a`, 404, "repository-unknown"],
  ] as const) {
    const { status: got, body } = await serving.ask(path);
    expect([path, got, body.code]).toEqual([path, status, code]);
  }
  // An older commit has its own index, and knows nothing newer.
  const older = await search("q=check_upload&rev=HEAD~1");
  expect(older.hits.map(({ path }) => path)).toEqual(["README.md"]);

  const post = (body: object, headers = {}): Promise<Answer> => serving.post(`${at}/ask`, body, headers);
  const whole = await post({ question: answered });
  expect(whole.status).toBe(200);
  const result = askResultSchema.parse(whole.body);
  expect(result).toMatchObject({
    by: "model",
    answer: "In src/limits.py:2-3.",
    isSupported: true,
    complete: true,
  });
  expect(
    (await post({ question: "and then?", useModel: false, conversation: result.conversation })).body,
  ).toMatchObject({
    by: "places",
  });
  expect((await post({ question: "?!" })).body.code).toBe("usage");
  expect((await post({ question: "a".repeat(20_001) })).body.code).toBe("request-invalid");

  const streamed = async (
    body: object,
    headers = {},
  ): Promise<readonly [string, Record<string, unknown>][]> =>
    (await post(body, headers)).text.split("\n\n").flatMap((block) => {
      const match = /^id: \d+\nevent: (.*)\ndata: (.*)$/m.exec(block.slice(block.indexOf("id: ")));
      return match
        ? [[match[1]!, JSON.parse(match[2]!) as Record<string, unknown>] as [string, Record<string, unknown>]]
        : [];
    });
  const events = await streamed({
    question: `${question}\necho: One two three src/limits.py:2.`,
    stream: true,
  });
  expect([events[0]![0], events.at(-1)![0]]).toEqual(["places", "answer"]);
  const deltas = events.slice(1, -1);
  expect(new Set(deltas.map(([name]) => name))).toEqual(new Set(["delta"]));
  expect(deltas.map(([, { text }]) => text).join("")).toBe("One two three src/limits.py:2.");
  expect(events.at(-1)![1]).toMatchObject({ by: "model", isSupported: true });
  const failed = await streamed({ question: "?!" }, { accept: "text/event-stream" });
  expect(failed.map(([name, { code }]) => [name, code])).toEqual([["error", "usage"]]);

  // The database is the server's: it asks the model, in a job whose process has the ledger of its worker.
  const run = (args: readonly string[], own = environment): Promise<CliResult> =>
    runProgram(args, { cwd: repository, dataDir, environment: own });
  const beside = resultOf(await run(["ask", `${question}\necho: Beside: src/limits.py:3`, "--json"]));
  expect(beside).toMatchObject({
    by: "model",
    answer: "Beside: src/limits.py:3",
    isSupported: true,
    notes: [],
  });
  const { body: jobs } = await serving.ask("/v1/jobs?kind=ask");
  expect(jobs.items.map(({ status }) => status)).toEqual(["completed"]);
  const { text: calls } = await serving.ask(`/v1/llm/calls?job_id=${jobs.items[0]!.id}`);
  expect(calls).toContain(jobs.items[0]!.id);
  const following = resultOf(await run(["ask", "-c", "and?\necho: src/limits.py:1", "--json"]));
  expect(following.conversation.map((turn) => turn.answer)).toEqual([
    "Beside: src/limits.py:3",
    "src/limits.py:1",
  ]);
  // What needs no model needs no server.
  expect(resultOf(await run(["ask", question, "--no-model", "--json"])).by).toBe("places");
  expect((await serving.ask("/v1/jobs?kind=ask")).body.items).toHaveLength(2);
});

test("a repository that was not fetched yet is, by one job", async () => {
  const folder = temporaryFolder();
  const repository = createSample(folder);
  git(folder, ["clone", "--quiet", "--bare", repository, join(folder, "served", "r.git")]);
  const remote = await startGitServer(join(folder, "served"));
  onTestFinished(() => remote.close());
  const serving = await startServing({ dataDir: join(folder, "data"), environment: environmentOf() });
  const { body: registered } = await serving.post("/v1/repositories", { source: `${remote.url}/r.git` });
  const search = `/v1/repositories/${registered.id}/search?q=uploads`;
  const asked = await Promise.all([
    serving.ask(search),
    serving.ask(search),
    serving.post(`/v1/repositories/${registered.id}/ask`, { question }),
  ]);
  expect(asked.map(({ status, body }) => [status, body.code])).toEqual(
    asked.map(() => [409, "repository-unfetched"]),
  );
  const ids = asked.map(({ text }) => /job ([\da-f-]{36}) does it/.exec(text)![1]!);
  expect(new Set(ids).size).toBe(1);
  await jobIs(serving, ids[0]!, "completed");
  expect((await serving.ask(search)).body).toMatchObject({ complete: true, jobId: null });
});

test("Ctrl-C ends a question that a model does not answer", async () => {
  const folder = temporaryFolder();
  const repository = createSample(folder);
  let heard: () => void;
  const reached = new Promise<void>((resolve) => (heard = resolve));
  const silent = createServer(() => heard());
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const { port } = silent.address() as { port: number };
  const run = runProgram(["ask", question], {
    cwd: repository,
    dataDir: join(folder, "data"),
    environment: {
      ...environmentOf(),
      REPOWRIGHT_LLM_ADDRESSES: `compatible=http://127.0.0.1:${port}/v1`,
      REPOWRIGHT_LLM_CONTEXT_WINDOW: "compatible/good=8192",
    },
    onStart: (child) => void reached.then(() => child.kill("SIGINT")),
  });
  expect((await run).code).toBe(130);
});
