import { z } from "zod";
import { defineJob } from "../../contracts/job.ts";
import { embedSnapshot, wantsEmbeddings } from "../../core/index/embed/embed-snapshot.ts";
import { openSnapshotIndex } from "../../core/index/search/open-index.ts";
import { learnRepositoryWeights } from "../../core/index/search/repository-weights.ts";
import { openRepository, repositoryPorts, resolveSnapshot } from "../../core/repository/repositories.ts";
import { summariseIndex } from "./summarise-index.ts";

/** Shares of the whole, by time. */
const readingShare = 0.8;
/** With vectors, which take far longer than all else where there are new ones. */
const shareBesideVectors = 0.3;

export default defineJob({
  kind: "index",
  summary: "Read a repository for search and questions",
  needsSource: true,
  options: z
    .strictObject({
      cache: z.boolean().default(true).describe("Whether what is known already may be used"),
      learn: z
        .boolean()
        .default(true)
        .describe("Whether weights are learnt from the repository's own commits"),
      embed: z
        .boolean()
        .optional()
        .describe("Whether vectors are made; default: what search.embeddings says, where there is a model"),
    })
    .prefault({}),
  attempts: 4,
  backoff: { firstMs: 2_000, mostMs: 60_000 },
  timeoutMs: 60 * 60_000,
  concurrency: 2,
  priority: 10,
  dedupeKey: (request, options) => JSON.stringify([request.source, request.rev, options]),
  async run(context, options) {
    const { request, services, signal } = context;
    const startedAt = performance.now();
    const report =
      (from: number, share: number) =>
      (progress: { readonly fraction: number | null; readonly message: string }): void =>
        context.progress(
          progress.fraction === null ? null : from + progress.fraction * share,
          progress.message,
        );
    const embeds = options.embed ?? (await wantsEmbeddings(services));
    const share = embeds ? shareBesideVectors : 1;
    const ports = repositoryPorts(services);
    const repository = await openRepository(request.source!, ports, {
      cwd: "/",
      signal,
      onProgress: report(0, 0),
    });
    // A later attempt goes on with the same commit, whatever was pushed meanwhile.
    const commit = await context.step(
      "resolve-commit",
      async () => (await resolveSnapshot(repository, request.rev ?? "HEAD", ports, signal)).commit,
    );
    await context.about(commit);
    // No step of its own: each record is kept as soon as it is made, so an attempt goes on where the last one died.
    const opened = await openSnapshotIndex(
      { repository, commit },
      { useCache: options.cache, builds: true, signal, onProgress: report(0, share * readingShare) },
      services,
    );
    if (options.learn && opened.mayLearn)
      await learnRepositoryWeights(opened.snapshot, services, {
        useCache: true,
        signal,
        onProgress: report(share * readingShare, share * (1 - readingShare)),
      });
    // Nor is this one: each batch of vectors is kept when it is there.
    const embedding = embeds
      ? await embedSnapshot(opened, services, {
          useCache: options.cache,
          jobId: context.id,
          signal,
          onProgress: report(share, 1 - share),
        })
      : null;
    return summariseIndex(opened, embedding, Math.round(performance.now() - startedAt));
  },
});
