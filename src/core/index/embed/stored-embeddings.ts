import { AppError } from "../../../base/errors.ts";
import type { Database, Queryable } from "../../../contracts/database.ts";
import type { Embedding, Embeddings, EmbeddingState, NearEmbedding } from "../../../contracts/stores.ts";
import { buildNearestIndex, nearestByIndex, usualFewestRows } from "./nearest-index.ts";
import { toVectorText } from "./vector-text.ts";

/** Rows of one statement: a few megabytes. */
const rowsAtOnce = 500;
const hashesAtOnce = 20_000;

/** Vectors in the database: with pgvector, else nowhere. */
export function createEmbeddings(database: Database, fewestIndexed = usualFewestRows): Embeddings {
  let isReady = false;

  /** Asked until it is so: pgvector can be installed while we run. */
  async function canCompare(): Promise<boolean> {
    if (isReady) return true;
    const [row] = await database.query<{ is: boolean }>("select use_vectors() as is");
    return (isReady = row!.is);
  }

  async function assertReady(): Promise<void> {
    if (await canCompare()) return;
    throw new AppError(
      "embeddings-unavailable",
      "The database has no pgvector (the extension `vector`), so vectors cannot be kept or compared in it.",
    );
  }

  return {
    async state(model): Promise<EmbeddingState> {
      if (!(await canCompare())) return { isAvailable: false, count: 0, dimension: null };
      const [row] = await database.query<{ count: number; dimension: number | null }>(
        "select count(*)::int as count, min(dimension) as dimension from code_embeddings where model = $1",
        [model],
      );
      return { isAvailable: true, ...row! };
    },

    async missing(model, hashes) {
      const known = new Set<string>();
      for (const some of inParts(hashes, hashesAtOnce)) {
        const rows = await database.query<{ hash: string }>(
          "select hash from code_embeddings where model = $1 and hash = any($2)",
          [model, some],
        );
        for (const { hash } of rows) known.add(hash);
        await database.query(
          "update code_embeddings set used_on = current_date where model = $1 and hash = any($2) and used_on < current_date",
          [model, some],
        );
      }
      return hashes.filter((hash) => !known.has(hash));
    },

    async put(model, rows, replaces) {
      await assertReady();
      const dimension = rows[0]?.vector.length;
      if (dimension === undefined) return;
      await database.transaction(async (transaction) => {
        // Two processes that begin at once would not see each other's first vectors.
        await transaction.query(
          "select pg_advisory_xact_lock(hashtextextended('code_embeddings ' || $1, 0))",
          [model],
        );
        const kept = await dimensionOf(transaction, model);
        if (replaces && kept !== null && kept !== dimension)
          await transaction.query("delete from code_embeddings where model = $1", [model]);
        for (const { vector } of rows)
          assertDimension(model, replaces ? dimension : (kept ?? dimension), vector);
        for (const some of inParts(rows, rowsAtOnce)) await insertRows(transaction, model, some, replaces);
      });
    },

    async nearest(model, vector, hashes, limit): Promise<readonly NearEmbedding[]> {
      await assertReady();
      const kept = await dimensionOf(database, model);
      if (kept === null || hashes?.length === 0) return [];
      assertDimension(model, kept, vector);
      const found = await nearestByIndex(database, model, vector, hashes, limit);
      return found ?? nearestByScan(database, model, vector, hashes, limit);
    },

    async settle(model) {
      if (!(await canCompare())) return;
      const dimension = await dimensionOf(database, model);
      if (dimension !== null) await buildNearestIndex(database, model, dimension, fewestIndexed);
    },
  };
}

/** Compares with each: exact. */
async function nearestByScan(
  database: Database,
  model: string,
  vector: Float32Array,
  hashes: readonly string[] | null,
  limit: number,
): Promise<readonly NearEmbedding[]> {
  return database.query<NearEmbedding>(
    `select hash, similarity from (
       select hash, 1 - (embedding <=> $2::vector) as similarity from code_embeddings
       where model = $1 and ($3::text[] is null or hash = any($3::text[]))
     ) as compared where similarity <> 'NaN' order by similarity desc, hash limit $4`,
    [model, toVectorText(vector), hashes, limit],
  );
}

async function insertRows(
  transaction: Queryable,
  model: string,
  rows: readonly Embedding[],
  replaces: boolean,
): Promise<void> {
  await transaction.query(
    `insert into code_embeddings (model, hash, dimension, embedding)
     select distinct on (hash) $1, hash, $2::int, text::vector from unnest($3::text[], $4::text[]) as new (hash, text)
     on conflict (model, hash) do update set
       ${replaces ? "embedding = excluded.embedding," : ""} used_on = excluded.used_on`,
    [
      model,
      rows[0]!.vector.length,
      rows.map(({ hash }) => hash),
      rows.map(({ vector }) => toVectorText(vector)),
    ],
  );
}

async function dimensionOf(database: Queryable, model: string): Promise<number | null> {
  const [row] = await database.query<{ dimension: number }>(
    "select dimension from code_embeddings where model = $1 limit 1",
    [model],
  );
  return row?.dimension ?? null;
}

function assertDimension(model: string, expected: number, vector: Float32Array): void {
  if (vector.length === expected) return;
  throw new AppError(
    "embedding-dimension",
    `${model} gave a vector of ${vector.length} numbers; those that are kept of it have ${expected}.`,
    { model, expected, actual: vector.length },
  );
}

function* inParts<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size);
}
