import { AppError, isAppError } from "../../../base/errors.ts";
import type { RepositoryRecord } from "../../../contracts/platform.ts";
import type { Services } from "../../../contracts/services.ts";
import { openRepository, repositoryPorts, resolveSnapshot } from "../../repository/repositories.ts";
import { type OpenedIndex, openSnapshotIndex } from "./open-index.ts";
import { loadWeights } from "./repository-weights.ts";

export interface RegisteredRequest {
  readonly id: string;
  readonly revision: string | null;
  /** Who asks, for the job that reads what is missing. */
  readonly caller: string;
  readonly allowsLocalSources: boolean;
  readonly requestId: string;
  readonly signal: AbortSignal;
}

export interface OpenedRegistered {
  readonly repository: RepositoryRecord;
  readonly opened: OpenedIndex;
  /** The job that reads what is missing; null when nothing is. */
  readonly jobId: string | null;
}

const recordBytes = 7;

/**
 * The index of a repository that the server knows, as it was fetched last, from this process's memory where it can be.
 * A server reads and parses nothing itself: what is missing an `index` job reads, and meanwhile there is the rest.
 * @throws AppError `repository-unknown`, `repository-unfetched` (with the job's id), those of `resolveSnapshot`
 */
export async function openRegistered(
  request: RegisteredRequest,
  services: Services,
): Promise<OpenedRegistered> {
  const { repositories, jobs } = await services.platform();
  const repository = await repositories.get(request.id);
  const startJob = async (): Promise<string> => {
    const { job } = await jobs.start(
      { kind: "index", source: repository.source, rev: request.revision },
      {
        caller: request.caller,
        allowsLocalSources: request.allowsLocalSources,
        requestId: request.requestId,
      },
    );
    return job.id;
  };
  /** The database tells equal jobs apart as soon as one runs; whoever asks meanwhile must not start another. */
  const findJob = async (): Promise<string> => {
    const name = `index job ${repository.id} ${request.revision ?? ""}`;
    for (let isFresh = false; ; isFresh = true) {
      const id = await services.memory.keep(name, startJob, () => 1);
      const status = await jobs.get(id).then(
        (job) => job.status,
        () => "deleted",
      );
      if (isFresh || !/^(?:completed|failed|cancelled|deleted)$/.test(status)) return id;
      services.memory.forget(name);
    }
  };
  const ports = repositoryPorts(services);
  const { signal } = request;
  const clone = await openRepository(repository.source, ports, {
    cwd: "/",
    signal,
    onProgress() {},
    fetches: "nothing",
  }).catch(async (error: unknown) => {
    if (!isAppError(error, "repository-unfetched")) throw error;
    const jobId = await findJob();
    throw new AppError(
      "repository-unfetched",
      `${repository.name} has not been fetched yet; job ${jobId} does it.`,
      { jobId },
      error,
    );
  });
  const snapshot = await resolveSnapshot(clone, request.revision ?? "HEAD", ports, signal);
  const key = `index ${clone.gitDir} ${snapshot.commit}`;
  const opened = await services.memory.keep(
    key,
    () =>
      openSnapshotIndex(
        snapshot,
        // Others wait for the same: one who goes away must not take it from them.
        { useCache: true, builds: false, signal: new AbortController().signal, onProgress() {} },
        services,
      ),
    sizeOf,
  );
  if (opened.missing === 0) return { repository, opened: withNewestWeights(opened, services), jobId: null };
  services.memory.forget(key);
  return { repository, opened, jobId: await findJob() };
}

/** An index job learns after it has read; until then what was kept in memory has the shipped weights. */
function withNewestWeights(opened: OpenedIndex, { cache }: Services): OpenedIndex {
  if (!opened.mayLearn) return opened;
  const { weights, isStale } = loadWeights(opened.snapshot, cache, opened.index.history.facts.oids);
  return { ...opened, weights, mayLearn: isStale };
}

function sizeOf({ index }: OpenedIndex): number {
  let bytes = index.history.facts.messageTerms.byteLength * 2 + index.history.facts.oids.length * 200;
  for (const { record } of index.files)
    if (record !== null)
      bytes +=
        (record.terms.hashes.length + record.unitTerms.hashes.length) * recordBytes +
        record.mentions.byteLength +
        record.unitKinds.length * 40 +
        500;
  return bytes;
}
