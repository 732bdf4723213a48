import { AppError, isAppError } from "../../base/errors.ts";
import type { Jobs } from "../../contracts/job.ts";
import type { OnProgress } from "../../contracts/repository.ts";
import { type AskResult, askResultSchema, type Turn } from "./ask-result.ts";

export interface ServerQuestion {
  readonly question: string;
  /** Path or address of the repository, absolute. */
  readonly source: string;
  readonly revision: string | null;
  readonly model: string | undefined;
  readonly conversation: readonly Turn[];
  readonly cwd: string;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/**
 * Has the server that runs on the same data directory answer, as a job: it alone may spend on models there.
 * @throws AppError `worker-missing`, what the job failed with, those of `Jobs.start`
 */
export async function askAtServer(request: ServerQuestion, jobs: Jobs): Promise<AskResult> {
  const { signal } = request;
  const { job } = await jobs.start(
    {
      kind: "ask",
      source: request.source,
      rev: request.revision,
      options: {
        question: request.question,
        model: request.model ?? null,
        conversation: request.conversation,
      },
    },
    { caller: "local", allowsLocalSources: true, cwd: request.cwd },
  );
  try {
    if ((await jobs.place(job))?.reason === "no-worker")
      throw new AppError("worker-missing", "The server has no worker that could answer.");
    for await (const event of jobs.follow(job.id, 0, signal)) {
      const { fraction, message } = event.data;
      if (event.type === "progress" && typeof message === "string")
        request.onProgress({
          stage: "job",
          fraction: typeof fraction === "number" ? fraction : null,
          message,
        });
    }
    signal.throwIfAborted();
    const { error, status } = await jobs.get(job.id);
    if (status !== "completed")
      throw new AppError(
        "job-state",
        `Job ${job.id} of the server is ${status}: ${error?.message ?? "stopped"}`,
      );
    return askResultSchema.parse(JSON.parse(await jobs.result(job.id)));
  } catch (error) {
    // Nobody waits for its answer any more.
    if (signal.aborted || isAppError(error, "worker-missing")) await jobs.cancel(job.id).catch(() => {});
    throw error;
  }
}
