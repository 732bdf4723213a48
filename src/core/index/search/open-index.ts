import type { OnProgress, Snapshot, Warning } from "../../../contracts/repository.ts";
import type { Services } from "../../../contracts/services.ts";
import {
  openRepository,
  repositoryPorts,
  resolveSnapshot,
  type OpenOptions,
} from "../../repository/repositories.ts";
import { createDenseSearch, type DenseSearch } from "../embed/dense-search.ts";
import { loadSearchIndex } from "./load-index.ts";
import { loadWeights } from "./repository-weights.ts";
import type { SearchIndex } from "./search-index.ts";
import type { SignalWeights } from "./signals.ts";

/** A snapshot with its index in memory. */
export interface OpenedIndex {
  readonly snapshot: Snapshot;
  readonly index: SearchIndex;
  readonly weights: SignalWeights;
  /** Whether weights learnt now, from the repository's newest commits, may be better. */
  readonly mayLearn: boolean;
  /** Files that were not read yet; more than 0 only while an index is being built. */
  readonly missing: number;
  readonly warnings: readonly Warning[];
  /** Null where vectors are not wanted (`search.embeddings`). */
  readonly dense?: DenseSearch | null;
}

export interface OpenIndexRequest {
  readonly source: string;
  readonly revision: string | null;
  readonly cwd: string;
  /** False: read everything anew. */
  readonly useCache: boolean;
  /** False: what is not indexed yet is left out, and counted in `missing`. */
  readonly builds: boolean;
  /** As `OpenOptions.fetches`. */
  readonly fetches?: OpenOptions["fetches"];
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** Opens a repository and loads (or builds) the index of one of its commits. @throws AppError of `openRepository` and `resolveSnapshot` */
export async function openIndex(request: OpenIndexRequest, services: Services): Promise<OpenedIndex> {
  const ports = repositoryPorts(services);
  const options: OpenOptions = {
    cwd: request.cwd,
    signal: request.signal,
    onProgress: request.onProgress,
    fetches: request.fetches ?? "everything",
  };
  const repository = await openRepository(request.source, ports, options);
  const snapshot = await resolveSnapshot(repository, request.revision ?? "HEAD", ports, request.signal);
  return openSnapshotIndex(snapshot, request, services);
}

/** The same for a commit that is known. */
export async function openSnapshotIndex(
  snapshot: Snapshot,
  request: Pick<OpenIndexRequest, "useCache" | "builds" | "signal" | "onProgress">,
  services: Services,
): Promise<OpenedIndex> {
  const { index, warnings, missing } = await loadSearchIndex(snapshot, services, request);
  const { weights, isStale } = loadWeights(snapshot, services.cache, index.history.facts.oids);
  const dense =
    services.config.values["search.embeddings"] === "on"
      ? createDenseSearch(snapshot, index, { services })
      : null;
  return { snapshot, index, weights, mayLearn: isStale, missing, warnings, dense };
}
