import { AppError } from "../../../base/errors.ts";
import type { OnProgress, Snapshot } from "../../../contracts/repository.ts";
import type { Services } from "../../../contracts/services.ts";
import type { Embeddings } from "../../../contracts/stores.ts";
import type { IndexedFile, SearchIndex } from "../search/search-index.ts";
import { type FileHashes, readUnitHashes, readUnitTexts } from "./unit-hashes.ts";

export interface EmbedSnapshotOptions {
  /** False: every vector is made anew. */
  readonly useCache: boolean;
  /** For budget and ledger. */
  readonly jobId: string | null;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

export interface EmbeddingSummary {
  /** `provider/name`. */
  readonly model: string;
  /** Pieces of the snapshot that have a vector now. */
  readonly pieces: number;
  /** Those of them whose vector was made just now. */
  readonly embedded: number;
}

/** Texts of one call and of one write: what a kill can lose. */
const batchTexts = 64;
/** Texts that are read ahead, so that Git does not wait for the model. */
const textsAhead = 1_024;

/** The model that makes the vectors of indexes: the first of its chain, because those of two do not compare. */
export async function embeddingModel(services: Pick<Services, "models">): Promise<string> {
  const availability = (await services.models()).availability("embed");
  if (!availability.isAvailable)
    throw new AppError("model-unconfigured", availability.message, { reason: availability.reason });
  return availability.models[0]!;
}

/** Whether vectors are wanted, and there is a model that could make them. */
export async function wantsEmbeddings({
  config,
  models,
}: Pick<Services, "config" | "models">): Promise<boolean> {
  return config.values["search.embeddings"] === "on" && (await models()).availability("embed").isAvailable;
}

/**
 * Makes the vectors that a snapshot lacks. Each batch is kept as soon as it is there, so whoever is killed goes on where
 * it was; what has a vector, in any commit of any repository, is not asked again.
 * @throws AppError `model-unconfigured`, `embeddings-unavailable`, `embedding-dimension`, those of `ModelGateway.embed`
 */
export async function embedSnapshot(
  { snapshot, index }: { readonly snapshot: Snapshot; readonly index: SearchIndex },
  services: Services,
  options: EmbedSnapshotOptions,
): Promise<EmbeddingSummary> {
  const model = await embeddingModel(services);
  const { embeddings } = await services.stores();
  return embedFiles(snapshot.repository.gitDir, index.files, model, embeddings, services, options);
}

/** The same for any files of a repository, of whatever commits. */
export async function embedFiles(
  gitDir: string,
  files: readonly IndexedFile[],
  model: string,
  embeddings: Embeddings,
  services: Services,
  options: EmbedSnapshotOptions & { readonly withComments?: boolean },
): Promise<EmbeddingSummary> {
  const { signal, useCache } = options;
  if (!(await embeddings.state(model)).isAvailable)
    throw new AppError(
      "embeddings-unavailable",
      "The database has no pgvector (the extension `vector`), so no vectors were made.",
    );
  const hashes = await readUnitHashes(gitDir, files, services, options);
  const all = new Set([...hashes.values()].flat());
  all.delete("");
  const missing = useCache ? new Set(await embeddings.missing(model, [...all])) : new Set(all);
  const toMake = missing.size;
  report();
  for (const some of inPortions(hashes, missing)) {
    const texts = new Map<string, string>();
    await readUnitTexts(gitDir, some, services.git, options, (file, textOf) => {
      for (const [unit, hash] of hashes.get(file)!.entries())
        if (missing.has(hash)) texts.set(hash, textOf(unit)!);
    });
    const waiting = [...texts];
    for (let from = 0; from < waiting.length; from += batchTexts)
      await embedBatch(waiting.slice(from, from + batchTexts));
  }
  if (toMake > missing.size) await embeddings.settle(model);
  return { model, pieces: all.size - missing.size, embedded: toMake - missing.size };

  async function embedBatch(batch: readonly (readonly [hash: string, text: string])[]): Promise<void> {
    const models = await services.models();
    const { vectors } = await models.embed(
      { texts: batch.map(([, text]) => text) },
      { signal, jobId: options.jobId, modelOverride: model },
    );
    await embeddings.put(
      model,
      batch.map(([hash], at) => ({ hash, vector: vectors[at]! })),
      !useCache,
    );
    for (const [hash] of batch) missing.delete(hash);
    report();
  }

  function report(): void {
    const done = all.size - missing.size;
    options.onProgress({
      stage: "embed",
      fraction: all.size === 0 ? 1 : done / all.size,
      message: `Making vectors of pieces of code: ${done} of ${all.size}`,
    });
  }
}

/** Files that lack vectors, so many at a time that their texts fit in memory. */
function* inPortions(
  hashes: ReadonlyMap<IndexedFile, FileHashes>,
  missing: ReadonlySet<string>,
): Generator<readonly IndexedFile[]> {
  let portion: IndexedFile[] = [];
  let texts = 0;
  for (const [file, own] of hashes) {
    const lacking = own.filter((hash) => missing.has(hash)).length;
    if (lacking === 0) continue;
    portion.push(file);
    texts += lacking;
    if (texts < textsAhead) continue;
    yield portion;
    portion = [];
    texts = 0;
  }
  if (portion.length > 0) yield portion;
}
