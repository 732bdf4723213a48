import { createHash } from "node:crypto";
import type { Database } from "../../../contracts/database.ts";
import type { NearEmbedding } from "../../../contracts/stores.ts";
import { toVectorText } from "./vector-text.ts";

/** Fewer rows are compared one by one as quickly: 20,000 of 384 numbers in 19 ms, 100,000 in 200 ms; by the index in 7. */
export const usualFewestRows = 50_000;
/** What pgvector can index as `vector`. */
const mostDimensions = 2_000;
/** Most that pgvector looks at in one question (`hnsw.ef_search`). */
const mostLookedAt = 1_000;
/** Neighbours are not spread evenly over the repositories: more are fetched than should be needed. */
const margin = 2;

interface OwnClient {
  query(text: string, parameters?: readonly unknown[]): Promise<{ rows: readonly Record<string, unknown>[] }>;
  release(isBroken: boolean): void;
}

/**
 * An HNSW index over the vectors of one model; on PostgreSQL only: the embedded engine would stand still for a minute
 * while it is built. Without a transaction around it, so that nobody waits who writes meanwhile.
 */
export async function buildNearestIndex(
  database: Database,
  model: string,
  dimension: number,
  fewestRows: number,
): Promise<void> {
  if (database.engine !== "postgres" || dimension > mostDimensions) return;
  const [size] = await database.query<{ rows: number }>(
    "select count(*)::int as rows from (select 1 from code_embeddings where model = $1 limit $2) as counted",
    [model, fewestRows],
  );
  if (size!.rows < fewestRows) return;
  const name = indexName(model, dimension);
  // A connection of its own: it takes longer than statements may, and a lock must be held by it.
  const client = (await database.pool.connect()) as OwnClient;
  try {
    await client.query("set statement_timeout = 0");
    await client.query("set search_path = repowright, public");
    const lock = await client.query("select pg_try_advisory_lock(hashtextextended($1, 0)) as is", [name]);
    if (lock.rows[0]!["is"] !== true) return;
    if ((await readIndex(database, name)) !== null) return;
    // Left behind by a build that was killed.
    await client.query(`drop index concurrently if exists ${name}`);
    const quoted = await client.query("select quote_literal($1::text) as model", [model]);
    await client.query(
      `create index concurrently ${name} on code_embeddings
       using hnsw ((embedding::vector(${dimension})) vector_cosine_ops) where model = ${String(quoted.rows[0]!["model"])}`,
    );
  } finally {
    client.release(true);
  }
}

/**
 * The nearest by the index: found at once, and nearly always the right ones. Null where there is no index, or where so
 * few of the model's vectors are asked about that comparing these is quicker.
 */
export async function nearestByIndex(
  database: Database,
  model: string,
  vector: Float32Array,
  hashes: readonly string[] | null,
  limit: number,
): Promise<readonly NearEmbedding[] | null> {
  if (database.engine !== "postgres") return null;
  const dimension = vector.length;
  const index = await readIndex(database, indexName(model, dimension));
  if (index === null) return null;
  const share = hashes === null ? 1 : Math.min(1, hashes.length / Math.max(1, index.rows));
  const wanted = hashes === null ? limit : Math.ceil((margin * limit) / share);
  if (wanted > mostLookedAt) return null;
  const rows = await database.transaction(async (transaction) => {
    await transaction.query(`set local hnsw.ef_search = ${Math.max(40, wanted)}`);
    return transaction.query<NearEmbedding>(
      `select hash, 1 - (embedding::vector(${dimension}) <=> $2::vector(${dimension})) as similarity
       from code_embeddings where model = $1
       order by embedding::vector(${dimension}) <=> $2::vector(${dimension}) limit $3`,
      [model, toVectorText(vector), wanted],
    );
  });
  const among = hashes === null ? null : new Set(hashes);
  const found = rows.filter(
    ({ hash, similarity }) => !Number.isNaN(similarity) && among?.has(hash) !== false,
  );
  if (found.length < Math.min(limit, hashes?.length ?? rows.length)) return null;
  return found.toSorted((a, b) => b.similarity - a.similarity || (a.hash < b.hash ? -1 : 1)).slice(0, limit);
}

/** How many rows a whole index had when it was last looked at; counting them anew takes longer than using it. */
async function readIndex(database: Database, name: string): Promise<{ readonly rows: number } | null> {
  const [row] = await database.query<{ rows: number }>(
    `select reltuples::float8 as rows from pg_class join pg_index on indexrelid = pg_class.oid
     where pg_class.oid = to_regclass($1) and indisvalid`,
    [`repowright.${name}`],
  );
  return row ?? null;
}

/** One for each model and length; a model's name is free text. */
function indexName(model: string, dimension: number): string {
  return `code_embeddings_near_${createHash("sha256").update(`${model} ${dimension}`).digest("hex").slice(0, 16)}`;
}
