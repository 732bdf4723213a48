import type { CallLedger } from "./model-call.ts";
import type { Pulls } from "./pulls.ts";
import type { Reviews } from "./review.ts";

/** What features keep in the database. In a job process each operation is done by its worker. */
export interface Stores {
  readonly calls: CallLedger;
  readonly records: SharedRecords;
  readonly embeddings: Embeddings;
  readonly pulls: Pulls;
  readonly reviews: Reviews;
}

/**
 * What reading contents gave, shared by all machines of one database. Both work on the local cache of the machine that the
 * database is asked from, which a job process and its worker have in common; so no record travels between those two.
 */
export interface SharedRecords {
  /** Brings those of the records that the database has into the local cache. Resolves to how many. */
  pull(space: string, keys: readonly string[]): Promise<number>;
  /** Puts records of the local cache into the database, where they are not there yet. */
  push(space: string, keys: readonly string[]): Promise<number>;
}

/** Vectors of texts, by model and by the SHA-256 (in hex) of the text, shared by everything in one database. */
export interface Embeddings {
  state(model: string): Promise<EmbeddingState>;
  /** Those of the hashes that have no vector of this model yet; the others count as used today. */
  missing(model: string, hashes: readonly string[]): Promise<readonly string[]>;
  /**
   * Keeps vectors; one that is there already stays. With `replaces` it gives way, and so do all vectors of the model
   * when they have another length. @throws AppError `embedding-dimension`, `embeddings-unavailable`
   */
  put(model: string, rows: readonly Embedding[], replaces: boolean): Promise<void>;
  /**
   * The most similar of the hashes that are given, or of all of the model; most similar first, equal ones by hash.
   * @throws AppError `embedding-dimension`, `embeddings-unavailable`
   */
  nearest(
    model: string,
    vector: Float32Array,
    hashes: readonly string[] | null,
    limit: number,
  ): Promise<readonly NearEmbedding[]>;
  /** After many were put: makes what finds the nearest faster, where that pays. May take minutes; nobody is held up by it. */
  settle(model: string): Promise<void>;
}

export interface EmbeddingState {
  /** False where the database cannot compare vectors: PostgreSQL without pgvector. */
  readonly isAvailable: boolean;
  readonly count: number;
  /** Length of the model's vectors; null when it has none. */
  readonly dimension: number | null;
}

export interface Embedding {
  readonly hash: string;
  readonly vector: Float32Array;
}

export interface NearEmbedding {
  readonly hash: string;
  /** Cosine, from -1 to 1. */
  readonly similarity: number;
}

/**
 * What a job process may ask of its worker, store by store; arguments and results are plain data. An operation that is
 * not named here is refused.
 */
export const storeOperations = {
  calls: ["begin", "finish", "list", "cost", "coolDowns"],
  records: ["pull", "push"],
  embeddings: ["state", "missing", "put", "nearest", "settle"],
  pulls: ["receive", "get"],
  reviews: ["save", "list", "get", "dismissals", "dismiss", "restore"],
} as const satisfies { readonly [S in keyof Stores]: readonly (keyof Stores[S])[] };

/** One operation as it is sent. */
export interface StoreRequest {
  readonly store: string;
  readonly operation: string;
  readonly args: readonly unknown[];
}
