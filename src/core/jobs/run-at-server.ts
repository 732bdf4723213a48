import { AppError, isAppError } from "../../base/errors.ts";
import type { Jobs, StartRequest } from "../../contracts/job.ts";
import type { OnProgress } from "../../contracts/repository.ts";

/**
 * Has the server that runs on the same data directory do a job for a person who waits for it, and gives its result (JSON
 * text): the server alone may spend on models there. Nobody's wait leaves a job behind.
 * @throws AppError `worker-missing`, `job-state` with what the job failed with, those of `Jobs.start`
 */
export async function runAtServer(
  request: StartRequest,
  jobs: Jobs,
  options: { readonly cwd: string; readonly onProgress: OnProgress; readonly signal: AbortSignal },
): Promise<string> {
  const { signal } = options;
  const { job } = await jobs.start(request, { caller: "local", allowsLocalSources: true, cwd: options.cwd });
  try {
    if ((await jobs.place(job))?.reason === "no-worker")
      throw new AppError("worker-missing", "The server has no worker that could do it.");
    for await (const event of jobs.follow(job.id, 0, signal)) {
      const { fraction, message } = event.data;
      if (event.type === "progress" && typeof message === "string")
        options.onProgress({
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
    return await jobs.result(job.id);
  } catch (error) {
    // Nobody waits for its answer any more.
    if (signal.aborted || isAppError(error, "worker-missing")) await jobs.cancel(job.id).catch(() => {});
    throw error;
  }
}
