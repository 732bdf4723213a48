import { createHash } from "node:crypto";
import { AppError } from "../../../base/errors.ts";
import type { Cache } from "../../../contracts/cache.ts";
import type { Snapshot } from "../../../contracts/repository.ts";
import type { Services } from "../../../contracts/services.ts";
import { type DenseScores, scoreDense, type UnitPlace } from "../search/dense-scores.ts";
import type { IndexedFile, SearchIndex } from "../search/search-index.ts";
import { embeddingModel } from "./embed-snapshot.ts";
import { type FileHashes, readUnitHashes } from "./unit-hashes.ts";

/** What the vectors say of a query; null, with the reason, when they cannot be asked. */
export interface DenseAnswer {
  readonly scores: DenseScores | null;
  readonly note: string | null;
}

/** Vectors as a further list of search: never what search depends on. */
export interface DenseSearch {
  /** Whatever is wrong with model or database is a note. */
  ask(text: string, signal: AbortSignal): Promise<DenseAnswer>;
}

/** Pieces that are looked at. */
export const nearestPieces = 200;
/** A search does not wait longer for the query's vector. */
const patienceMs = 10_000;
/** After a failure nobody asks again for so long. */
const restMs = 30_000;
/** With fewer of the pieces missing, nothing is said. */
const shareTold = 0.1;
const space = "query-vectors/1";

export interface DensePorts {
  readonly services: Services;
  /** How long since some fixed moment; for tests. */
  readonly now?: () => number;
  readonly patienceMs?: number;
}

/**
 * Compares queries with the vectors of a snapshot's pieces. What there is to compare with is looked up with the first
 * query, and again from time to time while pieces lack theirs.
 */
export function createDenseSearch(snapshot: Snapshot, index: SearchIndex, ports: DensePorts): DenseSearch {
  const now = ports.now ?? (() => performance.now());
  const patience = ports.patienceMs ?? patienceMs;
  let resting: { readonly until: number; readonly note: string } | null = null;
  let opened: { readonly at: number; readonly comparing: Promise<Comparing> } | null = null;

  /** One opening serves all who ask meanwhile; one that its asker took back is begun again by the next. */
  async function open(signal: AbortSignal): Promise<Comparing> {
    const known = opened;
    if (known !== null) {
      const comparing = await known.comparing.catch(() => null);
      if (comparing !== null && (comparing.isWhole || now() < known.at + restMs)) return comparing;
      if (opened === known) opened = null;
    }
    opened ??= { at: now(), comparing: openComparing(snapshot, index, ports.services, signal) };
    return opened.comparing;
  }

  return {
    async ask(text, signal) {
      if (resting !== null && now() < resting.until) return { scores: null, note: resting.note };
      let limit: AbortSignal | null = null;
      let model = "";
      try {
        const comparing = await open(signal);
        if (comparing.count === 0) return { scores: null, note: comparing.note };
        model = comparing.model;
        limit = AbortSignal.timeout(patience);
        const scores = await orAfter(comparing.compare(text, AbortSignal.any([signal, limit])), limit);
        return { scores, note: comparing.note };
      } catch (error) {
        signal.throwIfAborted();
        const note =
          limit?.aborted === true
            ? `Vectors were left out: ${model} did not answer within ${patience / 1000} s.`
            : explain(error, ports.services);
        resting = { until: now() + restMs, note };
        // What is there may be what has changed: vectors of another length, all made anew.
        opened = null;
        return { scores: null, note };
      }
    },
  };
}

interface Comparing {
  readonly model: string;
  /** Pieces that have a vector. */
  readonly count: number;
  /** Whether all have. */
  readonly isWhole: boolean;
  readonly note: string | null;
  compare(text: string, signal: AbortSignal): Promise<DenseScores>;
}

async function openComparing(
  snapshot: Snapshot,
  index: SearchIndex,
  services: Services,
  signal: AbortSignal,
): Promise<Comparing> {
  const model = await embeddingModel(services);
  const { embeddings } = await services.stores();
  const state = await embeddings.state(model);
  if (!state.isAvailable)
    throw new AppError("embeddings-unavailable", "the database has no pgvector (the extension `vector`).");
  const hashes = await readUnitHashes(snapshot.repository.gitDir, index.files, services, { signal });
  const places = placeHashes(index, hashes);
  const missing = new Set(await embeddings.missing(model, [...places.keys()]));
  const known = [...places.keys()].filter((hash) => !missing.has(hash));
  const note =
    missing.size > shareTold * places.size
      ? `${missing.size} of ${places.size} pieces have no vector of ${model} yet: \`repowright index --embed\` makes them.`
      : null;
  return {
    model,
    count: known.length,
    isWhole: missing.size === 0,
    note,
    async compare(text, asking) {
      const vector = await embedQuery(text, model, state.dimension, services, asking);
      return scoreDense(
        await embeddings.nearest(model, vector, known, nearestPieces),
        (hash) => places.get(hash) ?? [],
        index.files.length,
      );
    },
  };
}

/** Where each text of a snapshot stands. */
export function placeHashes(
  index: SearchIndex,
  hashes: ReadonlyMap<IndexedFile, FileHashes>,
): ReadonlyMap<string, readonly UnitPlace[]> {
  const places = new Map<string, UnitPlace[]>();
  for (const [file, indexed] of index.files.entries()) {
    const own = hashes.get(indexed) ?? [];
    for (const [unit, hash] of own.entries()) {
      if (hash === "") continue;
      const known = places.get(hash);
      const place = { file, unit, units: own.length };
      if (known) known.push(place);
      else places.set(hash, [place]);
    }
  }
  return places;
}

/** The same query is not paid for twice. */
export async function embedQuery(
  text: string,
  model: string,
  dimension: number | null,
  services: Pick<Services, "cache" | "models">,
  signal: AbortSignal,
): Promise<Float32Array> {
  const key = createHash("sha256").update(`${model}\n${text}`).digest("hex");
  const kept = readVector(services.cache, key);
  if (kept !== null && (dimension === null || kept.length === dimension)) return kept;
  const { vectors } = await (
    await services.models()
  ).embed({ texts: [text] }, { signal, modelOverride: model });
  const vector = vectors[0]!;
  services.cache.putMany(space, [[key, new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength)]]);
  return vector;
}

function readVector(cache: Cache, key: string): Float32Array | null {
  const bytes = cache.get(space, key);
  return bytes === null || bytes.byteLength % 4 !== 0 ? null : new Float32Array(bytes.slice().buffer);
}

function explain(error: unknown, { log }: Pick<Services, "log">): string {
  if (error instanceof AppError) return `Vectors were left out: ${error.message}`;
  // A mistake of ours in what is optional must not take search away.
  log.error("vectors were left out of a search", { error });
  return "Vectors were left out: an error of ours, which is in the log.";
}

/** Rejects when the limit comes first, whatever the work does with its signal. */
async function orAfter<T>(work: Promise<T>, limit: AbortSignal): Promise<T> {
  work.catch(() => {});
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      limit.addEventListener("abort", () => reject(limit.reason as Error), { once: true });
    }),
  ]);
}
