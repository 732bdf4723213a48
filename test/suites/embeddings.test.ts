import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Platform } from "../../src/contracts/platform.ts";
import type { Embedding, Embeddings } from "../../src/contracts/stores.ts";
import { copyDatabase } from "../../src/core/database/move.ts";
import { createEmbeddings } from "../../src/core/index/embed/stored-embeddings.ts";
import { retain } from "../../src/core/jobs/sweep.ts";
import { canRun, modes, startMode, type TestMode } from "../support/platforms.ts";

const day = 86_400_000;
const model = "compatible/one";

/** Numbers that look random and are the same each time. */
function createNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

function makeRows(count: number, dimension: number, seed: number): Embedding[] {
  const next = createNumbers(seed);
  return Array.from({ length: count }, (_, at) => ({
    hash: createHash("sha256").update(`${seed} ${at}`).digest("hex"),
    vector: Float32Array.from({ length: dimension }, next),
  }));
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array): number =>
    x.reduce((sum, value, at) => sum + value * y[at]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function bruteForce(rows: readonly Embedding[], query: Float32Array, limit: number): string[] {
  return rows
    .map(({ hash, vector }) => ({ hash, similarity: cosine(vector, query) }))
    .toSorted((a, b) => b.similarity - a.similarity)
    .slice(0, limit)
    .map(({ hash }) => hash);
}

/** Vectors of texts, on every database. */
describe.each(modes.filter(canRun))("embeddings, %s", (name) => {
  let mode: TestMode;
  let platform: Platform;
  let store: Embeddings;

  beforeAll(async () => {
    mode = await startMode(name);
    platform = await mode.open(new Map());
    store = platform.stores.embeddings;
  }, 60_000);
  afterEach(() => platform.database.query("delete from code_embeddings"));
  afterAll(() => mode.close());

  const hashesOf = (rows: readonly Embedding[]): string[] => rows.map(({ hash }) => hash);
  const find = async (
    vector: Float32Array,
    hashes: readonly string[] | null,
    limit = 10,
  ): Promise<string[]> => (await store.nearest(model, vector, hashes, limit)).map(({ hash }) => hash);

  test("what was put is no longer missing, and the nearest are those of brute force, in their order", async () => {
    const rows = makeRows(700, 32, 1);
    const [query] = makeRows(1, 32, 2);
    expect(await store.state(model)).toEqual({ isAvailable: true, count: 0, dimension: null });
    expect(await store.missing(model, hashesOf(rows))).toEqual(hashesOf(rows));
    await store.put(model, rows.slice(0, 650), false);
    expect(await store.missing(model, hashesOf(rows))).toEqual(hashesOf(rows.slice(650)));
    expect(await store.state(model)).toEqual({ isAvailable: true, count: 650, dimension: 32 });
    const own = rows.slice(0, 650);
    expect(await find(query!.vector, null, 25)).toEqual(bruteForce(own, query!.vector, 25));
    // Those of another repository are nobody's business.
    const some = own.filter((_, at) => at % 3 === 0);
    const given = [...hashesOf(some), ...hashesOf(rows.slice(650))];
    expect(await find(query!.vector, given, 25)).toEqual(bruteForce(some, query!.vector, 25));
    expect(await find(query!.vector, [])).toEqual([]);
    const [first] = await store.nearest(model, rows[5]!.vector, null, 1);
    expect(first).toEqual({ hash: rows[5]!.hash, similarity: expect.closeTo(1, 5) });
  });

  test("what is there already stays, unless it is to be replaced", async () => {
    const [a, b] = makeRows(2, 8, 3);
    await store.put(model, [a!], false);
    await store.put(model, [{ hash: a!.hash, vector: b!.vector }], false);
    const similarity = async (): Promise<number> =>
      (await store.nearest(model, a!.vector, null, 1))[0]!.similarity;
    expect(await similarity()).toBeCloseTo(1, 5);
    await store.put(model, [{ hash: a!.hash, vector: b!.vector }], true);
    expect(await similarity()).toBeCloseTo(cosine(a!.vector, b!.vector), 5);
    // The same twice in one batch is one.
    await store.put(model, [b!, b!], false);
    expect((await store.state(model)).count).toBe(2);
  });

  test("vectors of another length are refused, whole batch by whole batch, or replace all", async () => {
    const small = makeRows(3, 8, 4);
    const large = makeRows(3, 12, 5);
    await store.put(model, small, false);
    const error = { code: "embedding-dimension", details: { model, expected: 8, actual: 12 } };
    await expect(store.put(model, large, false)).rejects.toMatchObject(error);
    await expect(store.put(model, [...makeRows(1, 8, 6), large[0]!], false)).rejects.toMatchObject(error);
    await expect(store.nearest(model, large[0]!.vector, null, 1)).rejects.toMatchObject(error);
    expect(await store.state(model)).toMatchObject({ count: 3, dimension: 8 });
    await store.put(model, large.slice(0, 2), true);
    expect(await store.state(model)).toMatchObject({ count: 2, dimension: 12 });
  });

  test("two models stand side by side, each with its own length", async () => {
    const rows = makeRows(4, 8, 7);
    const others = makeRows(4, 5, 7);
    await store.put(model, rows, false);
    await store.put('google/it\'s "two"', others.slice(0, 3), false);
    expect(await store.missing('google/it\'s "two"', hashesOf(rows))).toEqual([rows[3]!.hash]);
    expect(await store.nearest('google/it\'s "two"', others[1]!.vector, null, 9)).toHaveLength(3);
    expect(await find(rows[1]!.vector, null, 9)).toEqual(bruteForce(rows, rows[1]!.vector, 9));
  });

  test("a vector of zeros is near to nothing", async () => {
    const rows = makeRows(2, 4, 8);
    await store.put(model, [...rows, { hash: "0".repeat(64), vector: new Float32Array(4) }], false);
    expect(await find(rows[0]!.vector, null)).toHaveLength(2);
    expect(await find(new Float32Array(4), null)).toEqual([]);
  });

  test("what nobody asked for in a quarter of a year goes", async () => {
    const rows = makeRows(3, 4, 9);
    await store.put(model, rows, false);
    await platform.database.query("update code_embeddings set used_on = current_date - 91");
    await store.missing(model, [rows[1]!.hash]);
    await retain(platform.database, { finishedMs: day, failedMs: day, callsMs: day });
    expect(await store.missing(model, hashesOf(rows))).toEqual([rows[0]!.hash, rows[2]!.hash]);
  });

  test("many are found as well once there is an index, which only a server gets", async () => {
    const indexes = async (): Promise<readonly Readonly<Record<string, unknown>>[]> =>
      platform.database.query(
        "select indexname from pg_indexes where indexname like 'code_embeddings_near%' order by 1",
      );
    const rows = makeRows(10_000, 16, 10);
    await store.put(model, rows.slice(1), false);
    const settling = createEmbeddings(platform.database, 10_000);
    await settling.settle(model);
    expect(await indexes()).toEqual([]);
    await store.put(model, rows.slice(0, 1), false);
    await Promise.all([settling.settle(model), settling.settle(model)]);
    expect(await indexes()).toHaveLength(name === "embedded" ? 0 : 1);
    for (const { vector } of makeRows(5, 16, 11)) {
      const expected = new Set(bruteForce(rows, vector, 20));
      const found = await find(vector, null, 20);
      expect(found.filter((hash) => expected.has(hash)).length).toBeGreaterThanOrEqual(19);
      // Few of them are compared one by one.
      const few = rows.slice(0, 300);
      expect(await find(vector, hashesOf(few), 20)).toEqual(bruteForce(few, vector, 20));
    }
    if (name === "embedded") return;
    const plan = await platform.database.query(
      `explain select hash from code_embeddings where model = '${model}' order by embedding::vector(16) <=> '[${rows[0]!.vector.join(",")}]'::vector(16) limit 20`,
    );
    expect(JSON.stringify(plan)).toContain("code_embeddings_near");
    await platform.database.query(`drop index ${String((await indexes())[0]!["indexname"])}`);
  });

  test.runIf(name !== "embedded")(
    "a server without pgvector says so, and gets by until it has it",
    async () => {
      const { database } = platform;
      await database.script("drop table code_embeddings; drop extension vector cascade");
      await database.script("drop function use_vectors");
      await database.script(
        readFileSync(new URL("../../migrations/0004_embeddings.sql", import.meta.url), "utf8"),
      );
      const again = (await mode.open(new Map())).stores.embeddings;
      // Opening brings the extension; what was copied from elsewhere as text is there then.
      expect(await again.state(model)).toMatchObject({ isAvailable: true });
      await again.put(model, makeRows(1, 4, 12), false);
      expect(await again.state(model)).toMatchObject({ count: 1 });
      await database.script(
        "alter table code_embeddings alter column embedding type text using embedding::text; drop extension vector cascade",
      );
      const without = createEmbeddings(database);
      expect(await without.state(model)).toEqual({ isAvailable: false, count: 0, dimension: null });
      const [row] = makeRows(1, 4, 12);
      await expect(without.put(model, [row!], false)).rejects.toMatchObject({
        code: "embeddings-unavailable",
      });
      await expect(without.nearest(model, row!.vector, null, 1)).rejects.toMatchObject({
        code: "embeddings-unavailable",
      });
      await database.script("create extension vector with schema public");
      expect(await without.nearest(model, row!.vector, null, 1)).toMatchObject([{ hash: row!.hash }]);
    },
  );
});

test.runIf(canRun("postgres"))(
  "copies take them along, also to where there is no pgvector",
  async () => {
    const [from, to] = [await startMode("embedded"), await startMode("postgres")];
    onTestFinished(async () => {
      await from.close();
      await to.close();
    });
    const [source, target] = [await from.open(new Map()), await to.open(new Map())];
    const rows = makeRows(20, 8, 13);
    await source.stores.embeddings.put(model, rows, false);
    const options = { onProgress() {}, signal: new AbortController().signal };
    await copyDatabase(source.database, target.database, options);
    const nearest = await target.stores.embeddings.nearest(model, rows[3]!.vector, null, 5);
    expect(nearest.map(({ hash }) => hash)).toEqual(bruteForce(rows, rows[3]!.vector, 5));
    await target.database.script(
      "delete from code_embeddings; alter table code_embeddings alter column embedding type text using embedding::text",
    );
    await copyDatabase(source.database, target.database, options);
    expect(await createEmbeddings(target.database).nearest(model, rows[3]!.vector, null, 5)).toEqual(nearest);
  },
  60_000,
);
