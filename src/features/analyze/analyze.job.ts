import { z } from "zod";
import { defineJob } from "../../contracts/job.ts";
import { openRepository, repositoryPorts, resolveSnapshot } from "../../core/repository/repositories.ts";
import { analyzeSnapshot } from "../../core/analysis/analyze.ts";
import { reportKey } from "../../core/analysis/report-cache.ts";

const rememberedMs = 7 * 86_400_000;

export default defineJob({
  kind: "analyze",
  summary: "Report on a repository: history, languages, stack, structure, symbols",
  needsSource: true,
  options: z
    .strictObject({
      since: z
        .string()
        .min(1)
        .max(200)
        .nullable()
        .default(null)
        .describe("Only history after this date (any date Git understands)"),
      lines: z.boolean().default(true).describe("Whether changed lines are counted"),
      cache: z.boolean().default(true).describe("Whether what is known already may be used"),
    })
    .prefault({}),
  attempts: 4,
  backoff: { firstMs: 2_000, mostMs: 60_000 },
  timeoutMs: 60 * 60_000,
  concurrency: 2,
  priority: 0,
  dedupeKey: (request, options) => JSON.stringify([request.source, request.rev, options]),
  async run(context, options) {
    const { request, services, signal } = context;
    const analysis = {
      source: request.source!,
      revision: request.rev,
      since: options.since,
      countsLines: options.lines,
      useCache: options.cache,
      cwd: "/",
    };
    const observer = {
      onProgress: (progress: { readonly fraction: number | null; readonly message: string }) =>
        context.progress(progress.fraction, progress.message),
      onPart() {},
    };
    const ports = repositoryPorts(services);
    const repository = await openRepository(analysis.source, ports, {
      cwd: analysis.cwd,
      signal,
      onProgress: observer.onProgress,
    });
    // A later attempt goes on with the same commit, whatever was pushed meanwhile.
    const commit = await context.step(
      "resolve-commit",
      async () => (await resolveSnapshot(repository, request.rev ?? "HEAD", ports, signal)).commit,
    );
    await context.about(commit);
    const analyze = (): ReturnType<typeof analyzeSnapshot> =>
      analyzeSnapshot({ repository, commit }, analysis, services, observer, signal);
    const key = await reportKey({ repository, commit }, analysis, services.config.values);
    // Files of a work tree change without a commit; what this machine has computed it finds by itself.
    if (key === null || repository.workTree !== null || !options.cache) return analyze();
    return context.remember(key, rememberedMs, analyze, (report) =>
      report.warnings.every((warning) => warning.code !== "missing-blob"),
    );
  },
});
