import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { growRepository } from "../../../../test/support/grown-repository.ts";
import { type ModelServer, startModelServer } from "../../../../test/support/model-server.ts";
import { type TestMode, startMode } from "../../../../test/support/platforms.ts";
import { addCommit, createRepository, git, temporaryFolder } from "../../../../test/support/repositories.ts";
import { createServices, createThreads } from "../../../../test/support/services.ts";
import { createTestGateway } from "../../../../test/support/test-gateway.ts";
import { AppError } from "../../../base/errors.ts";
import type { ModelGateway } from "../../../contracts/model-gateway.ts";
import type { Platform } from "../../../contracts/platform.ts";
import type { Services } from "../../../contracts/services.ts";
import { openIndex, type OpenedIndex } from "../search/open-index.ts";
import { searchFiles, searchUnits } from "../search/search.ts";
import { createDenseSearch } from "./dense-search.ts";
import { embedSnapshot } from "./embed-snapshot.ts";

const threads = createThreads(1);
const signal = new AbortController().signal;
let server: ModelServer;
let mode: TestMode;
let platform: Platform;
beforeAll(async () => {
  server = await startModelServer();
  mode = await startMode("embedded");
  platform = await mode.open(new Map());
}, 60_000);
beforeEach(() => platform.database.query("delete from code_embeddings"));
afterAll(async () => {
  await threads.close();
  await mode.close();
  await server.close();
});

interface Around {
  readonly model?: string;
  readonly change?: (gateway: ModelGateway) => ModelGateway;
}

/** Services of one machine, with the scripted models. */
function servicesAt(
  dataDir: string,
  { model = "compatible/good", change = (one) => one }: Around = {},
): Services {
  const services = createServices(dataDir, threads, { "search.embeddings": "on" });
  const gateway = change(
    createTestGateway(server, platform.stores.calls, { settings: { "llm.models": `embed=${model}` } }),
  );
  return { ...services, stores: async () => platform.stores, models: async () => gateway };
}

const open = (source: string, services: Services): Promise<OpenedIndex> =>
  openIndex(
    { source, revision: null, cwd: "/", useCache: true, builds: true, signal, onProgress() {} },
    services,
  );
const options = { useCache: true, jobId: null, signal, onProgress: (): void => {} };

/** What the server was asked for since the last look, by itself and not by us. */
function watchTexts(): () => Promise<readonly string[]> {
  let seen = 0;
  return async () => {
    const calls = (await server.calls()).filter(({ inputs }) => inputs !== null);
    const fresh = calls.slice(seen).flatMap(({ inputs }) => inputs!);
    seen = calls.length;
    return fresh;
  };
}

/** More than a batch of functions, in files of twelve. */
function manyFunctions(count: number): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  for (let at = 0; at < count; at++)
    files[`src/part_${Math.floor(at / 12)}.py`] =
      `${files[`src/part_${Math.floor(at / 12)}.py`] ?? ""}def weigh_${at}(one, other):\n    """Says which of both is number ${at}."""\n    return one.weight * ${at} + other.weight\n\n\n`;
  return files;
}

test("only what has no vector is embedded: pieces of a changed file, and all for another model", async () => {
  const texts = watchTexts();
  await texts();
  const folder = temporaryFolder();
  const source = growRepository(join(folder, "r"), 3);
  git(source, ["reset", "--quiet", "--hard"]);
  addCommit(source, {
    message: "What gets no vector",
    files: {
      "tests/test_parser.py": "def test_parser_of_frames(parser):\n    assert parser.refuse('broken') == 1\n",
      "vendor/theirs.py": "def their_function_of_frames(parser):\n    return parser.refuse('broken')\n",
      "data.json": '{"broken": "frames of the parser", "long": "names of the printer"}\n',
    },
  });
  const services = servicesAt(folder);
  const progress: (number | null)[] = [];
  const first = await embedSnapshot(await open(source, services), services, {
    ...options,
    onProgress: ({ fraction }) => progress.push(fraction),
  });
  const asked = await texts();
  expect(first).toEqual({ model: "compatible/good", pieces: 36, embedded: 36 });
  expect(asked).toHaveLength(36);
  expect(asked.find((text) => text.includes("refuse_broken_frames(parser)"))).toBe(
    'src/parser.py\nrefuse_broken_frames\ndef refuse_broken_frames(parser):\n    """Takes broken frames out of one parser before it is used."""\n    for frames in parser.broken:\n        frames.refuse(0)\n    return parser',
  );
  expect(asked.join("\n")).not.toMatch(/their_function|test_parser|"broken"/);
  expect(progress).toEqual([0, 1]);

  expect(await embedSnapshot(await open(source, services), services, options)).toMatchObject({ embedded: 0 });
  // Another machine on the same database computes the same hashes.
  const other = servicesAt(temporaryFolder());
  expect(await embedSnapshot(await open(source, other), other, options)).toMatchObject({ embedded: 0 });
  expect(await texts()).toEqual([]);

  const parser = asked.filter((text) => text.startsWith("src/parser.py"));
  addCommit(source, {
    message: "Change one function, move another down",
    files: {
      "src/parser.py": `import os\n\n\n# New\n\n\n${parser.map((text) => text.split("\n").slice(2).join("\n").replace("frames.refuse(0)", "frames.refuse(99)")).join("\n\n\n")}\n`,
    },
  });
  expect(await embedSnapshot(await open(source, services), services, options)).toMatchObject({ embedded: 1 });
  expect(await texts()).toEqual([expect.stringContaining("frames.refuse(99)")]);

  const another = servicesAt(folder, { model: "compatible/better" });
  expect(await embedSnapshot(await open(source, another), another, options)).toEqual({
    model: "compatible/better",
    pieces: 36,
    embedded: 36,
  });
  const anew = servicesAt(folder);
  expect(await embedSnapshot(await open(source, anew), anew, { ...options, useCache: false })).toMatchObject({
    embedded: 36,
  });
});

test("a provider that fails half-way loses nothing: the next time goes on", async () => {
  const texts = watchTexts();
  await texts();
  const folder = temporaryFolder();
  const source = createRepository(join(folder, "r"), [{ message: "Start", files: manyFunctions(200) }]);
  let calls = 0;
  const failing = servicesAt(folder, {
    change: (gateway) => ({
      ...gateway,
      embed: async (...args) => {
        if (++calls === 3) throw new AppError("model-unavailable", "It is gone.");
        return gateway.embed(...args);
      },
    }),
  });
  await expect(embedSnapshot(await open(source, failing), failing, options)).rejects.toMatchObject({
    code: "model-unavailable",
  });
  expect(await texts()).toHaveLength(128);
  const services = servicesAt(folder);
  const fractions: (number | null)[] = [];
  const summary = await embedSnapshot(await open(source, services), services, {
    ...options,
    onProgress: ({ fraction }) => fractions.push(fraction),
  });
  expect(summary).toEqual({ model: "compatible/good", pieces: 200, embedded: 72 });
  expect(fractions).toEqual([128 / 200, 192 / 200, 1]);
  expect(new Set(await texts()).size).toBe(72);
});

test.each(["few-vectors", "odd-vector", "no-numbers"])(
  "of a provider that lies (%s) nothing is kept",
  async (lie) => {
    const folder = temporaryFolder();
    const source = growRepository(join(folder, "r"), 2);
    const services = servicesAt(folder, { model: `compatible/liar~${lie}` });
    await expect(embedSnapshot(await open(source, services), services, options)).rejects.toMatchObject({
      code: expect.stringMatching(/^model-/),
    });
    expect((await platform.stores.embeddings.state(`compatible/liar~${lie}`)).count).toBe(0);
  },
);

const query = { query: "refuse broken frames in the parser", limit: 10, signal };
const untimed = (result: object): object => ({ ...result, tookMs: 0, notes: [] });

test("search uses the vectors; whatever is wrong with them costs a note and no hit", async () => {
  const folder = temporaryFolder();
  const source = growRepository(join(folder, "r"), 4);
  const services = servicesAt(folder);
  const opened = await open(source, services);
  const { dense: _, ...plain } = opened;
  const without = await searchUnits(plain, query, services.git);
  const filesWithout = await searchFiles(plain, query, services.git);
  expect(without.notes).toEqual([]);
  const isSame = async (dense: OpenedIndex["dense"], note: RegExp): Promise<void> => {
    const found = await searchUnits({ ...plain, dense: dense! }, query, services.git);
    expect(found.notes).toEqual([expect.stringMatching(note)]);
    expect(untimed(found)).toEqual(untimed(without));
    expect(untimed(await searchFiles({ ...plain, dense: dense! }, query, services.git))).toEqual(
      untimed(filesWithout),
    );
  };
  const denseOf = (around: Around, patienceMs = 10_000): OpenedIndex["dense"] =>
    createDenseSearch(opened.snapshot, opened.index, { services: servicesAt(folder, around), patienceMs });

  await isSame(
    opened.dense,
    /36 of 36 pieces have no vector of compatible\/good yet: `repowright index --embed`/,
  );
  await embedSnapshot(opened, services, options);
  const found = await searchUnits(await open(source, services), query, services.git);
  expect(found.notes).toEqual([]);
  expect(Math.max(...found.hits.map(({ signals }) => signals["dense"] ?? 0))).toBeGreaterThan(0);
  const { files } = await searchFiles(await open(source, services), query, services.git);
  expect(files.some(({ signals }) => signals["dense"] !== undefined)).toBe(true);

  // Down, with every kind of vectors there already.
  const { embeddings } = platform.stores;
  const [someone] = await embeddings.nearest("compatible/good", Float32Array.of(1, 1, 1, 1), null, 1);
  const copy = async (model: string): Promise<void> => {
    await platform.database.query(
      "insert into code_embeddings (model, hash, dimension, embedding) select $1, hash, dimension, embedding from code_embeddings where model = 'compatible/good'",
      [model],
    );
    expect(await embeddings.missing(model, [someone!.hash])).toEqual([]);
  };
  for (const [model, note] of [
    ["compatible/down~503", /Vectors were left out: .*compatible\/down~503.*503/s],
    ["compatible/liar~no-numbers", /Vectors were left out: .*liar/s],
  ] as const) {
    await copy(model);
    await isSame(denseOf({ model }), note);
  }
  await copy("compatible/slow~hang");
  await isSame(
    denseOf({ model: "compatible/slow~hang" }, 200),
    /compatible\/slow~hang did not answer within 0\.2 s/,
  );
  // Another model behind the same name.
  await platform.database.query(
    "insert into code_embeddings (model, hash, dimension, embedding) select 'compatible/other', hash, 3, '[1,2,3]' from code_embeddings where model = 'compatible/good'",
  );
  await isSame(
    denseOf({ model: "compatible/other" }),
    /compatible\/other gave a vector of 4 numbers; those that are kept of it have 3/,
  );
  await expect(
    embedSnapshot(opened, servicesAt(folder, { model: "compatible/other" }), { ...options, useCache: true }),
  ).resolves.toMatchObject({ embedded: 0 });
  // All made anew meanwhile, by the model that is behind the name now: what is kept open sees it after a while.
  let now = 0;
  let length = 4;
  const changing = servicesAt(folder, {
    model: "compatible/changing",
    change: (gateway) => ({
      ...gateway,
      embed: async (...args) => {
        const answer = await gateway.embed(...args);
        return { ...answer, vectors: answer.vectors.map((vector) => vector.slice(0, length)) };
      },
    }),
  });
  await embedSnapshot(opened, changing, options);
  const kept = createDenseSearch(opened.snapshot, opened.index, { services: changing, now: () => now });
  const hasScores = async (): Promise<boolean> => (await kept.ask("one", signal)).scores !== null;
  expect(await hasScores()).toBe(true);
  length = 3;
  await embedSnapshot(opened, changing, { ...options, useCache: false });
  expect(await hasScores()).toBe(false);
  now += 31_000;
  expect(await hasScores()).toBe(true);
  // No model at all.
  await isSame(denseOf({ model: "" }), /Vectors were left out: No model is configured for embed/);
});

test("the same query is paid for once; a failure is not asked for again at once", async () => {
  const texts = watchTexts();
  const folder = temporaryFolder();
  const source = growRepository(join(folder, "r"), 2);
  const services = servicesAt(folder);
  const opened = await open(source, services);
  await embedSnapshot(opened, services, options);
  await texts();
  for (let times = 0; times < 3; times++)
    await searchUnits(await open(source, services), query, services.git);
  expect(await texts()).toEqual([query.query]);

  let now = 0;
  let calls = 0;
  const failing = servicesAt(folder, {
    change: (gateway) => ({
      ...gateway,
      embed: async () => {
        calls++;
        throw new AppError("model-unavailable", "It is gone.");
      },
    }),
  });
  const dense = createDenseSearch(opened.snapshot, opened.index, { services: failing, now: () => now });
  const ask = async (): Promise<void> =>
    expect(await dense.ask("another", signal)).toEqual({
      scores: null,
      note: "Vectors were left out: It is gone.",
    });
  await ask();
  await ask();
  expect(calls).toBe(1);
  now += 31_000;
  await ask();
  expect(calls).toBe(2);
});
