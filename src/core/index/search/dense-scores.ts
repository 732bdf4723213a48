import type { NearEmbedding } from "../../../contracts/stores.ts";

/** How near the vectors of pieces are to that of the query, each from 0 to 1. */
export interface DenseScores {
  /** By file: its nearest piece. */
  readonly files: Float32Array;
  /** By file and unit; files without a near piece are left out. */
  readonly units: ReadonlyMap<number, Float32Array>;
}

export interface UnitPlace {
  readonly file: number;
  readonly unit: number;
  /** Units of the file. */
  readonly units: number;
}

/**
 * Similarities as scores. Cosines of one model lie close together, and elsewhere than those of another: the nearest
 * becomes 1 and the last one that was looked at 0.
 */
export function scoreDense(
  near: readonly NearEmbedding[],
  placesOf: (hash: string) => readonly UnitPlace[],
  fileCount: number,
): DenseScores {
  const files = new Float32Array(fileCount);
  const units = new Map<number, Float32Array>();
  const highest = near[0]?.similarity ?? 0;
  const lowest = near.at(-1)?.similarity ?? 0;
  for (const { hash, similarity } of near) {
    const score = highest > lowest ? (similarity - lowest) / (highest - lowest) : 1;
    for (const place of placesOf(hash)) {
      let own = units.get(place.file);
      if (own === undefined) units.set(place.file, (own = new Float32Array(place.units)));
      own[place.unit] = score;
      if (score > files[place.file]!) files[place.file] = score;
    }
  }
  return { files, units };
}
