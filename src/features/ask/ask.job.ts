import { z } from "zod";
import { defineJob } from "../../contracts/job.ts";
import { openRepository, repositoryPorts, resolveSnapshot } from "../../core/repository/repositories.ts";
import { openSnapshotIndex } from "../../core/index/search/open-index.ts";
import { analysisOf, ask } from "./ask.ts";
import { maxTurns, turnSchema } from "./ask-result.ts";

export default defineJob({
  kind: "ask",
  summary: "Answer a question about a repository, with places that exist",
  needsSource: true,
  options: z.strictObject({
    question: z.string().min(1).max(20_000).default("").describe("The question; required"),
    model: z
      .string()
      .min(1)
      .max(400)
      .nullable()
      .default(null)
      .describe("`provider/name` instead of llm.models"),
    useModel: z.boolean().default(true).describe("Whether a model may be asked"),
    conversation: z
      .array(turnSchema)
      .max(maxTurns)
      .default([])
      .describe("Earlier turns, as the last answer gave them"),
  }),
  attempts: 3,
  backoff: { firstMs: 2_000, mostMs: 60_000 },
  timeoutMs: 20 * 60_000,
  concurrency: 2,
  priority: 20,
  dedupeKey: () => null,
  async run(context, options) {
    const { request, services, signal } = context;
    const onProgress = (progress: { readonly fraction: number | null; readonly message: string }): void =>
      context.progress(progress.fraction, progress.message);
    const ports = repositoryPorts(services);
    const repository = await openRepository(request.source!, ports, { cwd: "/", signal, onProgress });
    const commit = await context.step(
      "resolve-commit",
      async () => (await resolveSnapshot(repository, request.rev ?? "HEAD", ports, signal)).commit,
    );
    await context.about(commit);
    const opened = await openSnapshotIndex(
      { repository, commit },
      { useCache: true, builds: true, signal, onProgress },
      services,
    );
    context.progress(null, "Answering");
    return ask(
      opened,
      {
        question: options.question,
        conversation: options.conversation,
        model: options.model ?? undefined,
        usesModel: options.useModel,
        jobId: context.id,
        readAnalysis: () => analysisOf(opened, services, onProgress, signal),
        signal,
      },
      services,
      { onPlaces() {}, onModelEvent() {} },
    );
  },
});
