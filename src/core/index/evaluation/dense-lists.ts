import type { OnProgress } from "../../../contracts/repository.ts";
import type { Services } from "../../../contracts/services.ts";
import { embedQuery, placeHashes, nearestPieces } from "../embed/dense-search.ts";
import { embedFiles, embeddingModel } from "../embed/embed-snapshot.ts";
import { readUnitHashes } from "../embed/unit-hashes.ts";
import { type DenseScores, scoreDense, type UnitPlace } from "../search/dense-scores.ts";
import type { IndexedFile, SearchIndex } from "../search/search-index.ts";
import { type FunctionKey, functionKey, isFunction } from "./functions.ts";

/** What vectors say of a question about any of the files that were prepared. */
export type AskDense = (index: SearchIndex, text: string) => Promise<DenseScores>;

export interface DenseListsOptions {
  /** False: of texts without comments. */
  readonly withComments: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/**
 * Vectors of all pieces of all files that questions are asked about, made where they are missing.
 * @throws AppError those of `embedSnapshot`
 */
export async function prepareDense(
  gitDir: string,
  files: readonly IndexedFile[],
  services: Services,
  options: DenseListsOptions,
): Promise<AskDense> {
  const model = await embeddingModel(services);
  const { embeddings } = await services.stores();
  await embedFiles(gitDir, files, model, embeddings, services, { ...options, useCache: true, jobId: null });
  const hashes = await readUnitHashes(gitDir, files, services, options);
  // Two questions in turn are mostly about the same index.
  let last: {
    readonly index: SearchIndex;
    readonly places: ReadonlyMap<string, readonly UnitPlace[]>;
  } | null = null;
  return async (index, text) => {
    if (last?.index !== index) last = { index, places: placeHashes(index, hashes) };
    const { places } = last;
    const vector = await embedQuery(text, model, null, services, options.signal);
    const near = await embeddings.nearest(model, vector, [...places.keys()], nearestPieces);
    return scoreDense(near, (hash) => places.get(hash) ?? [], index.files.length);
  };
}

/** Files by their nearest piece alone. */
export function rankDenseFiles(index: SearchIndex, { files }: DenseScores): readonly number[] {
  const order: number[] = [];
  for (let file = 0; file < files.length; file++) if (files[file]! > 0) order.push(file);
  return order.sort(
    (a, b) => files[b]! - files[a]! || (index.files[a]!.path < index.files[b]!.path ? -1 : 1),
  );
}

/** Functions and methods by their vectors alone. */
export function rankDenseFunctions(index: SearchIndex, { units }: DenseScores): readonly FunctionKey[] {
  const found: { readonly key: FunctionKey; readonly score: number }[] = [];
  for (const [file, scores] of units)
    for (const [unit, score] of scores.entries())
      if (score > 0 && isFunction(index, file, unit)) found.push({ key: functionKey(file, unit), score });
  return found.sort((a, b) => b.score - a.score || a.key - b.key).map(({ key }) => key);
}
