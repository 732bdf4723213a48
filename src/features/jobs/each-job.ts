import { toAppError } from "../../base/errors.ts";
import { printable } from "../../base/text.ts";
import type { Job, Jobs } from "../../contracts/job.ts";
import type { Terminal } from "../../contracts/terminal.ts";
import { findJob } from "./find-job.ts";

/** Does something to each job that was named; one that fails does not keep the others from it. Resolves to the exit code. */
export async function doToEach(
  ids: readonly string[],
  jobs: Jobs,
  terminal: Terminal,
  isJson: boolean,
  act: (job: Job) => Promise<{ readonly status: string }>,
): Promise<number> {
  const done: object[] = [];
  let exitCode = 0;
  for (const text of ids) {
    try {
      const job = await findJob(jobs, text);
      const { status } = await act(job);
      done.push({ id: job.id, status });
      if (!isJson) terminal.write(`${job.id}  ${status}\n`);
    } catch (thrown) {
      const error = toAppError(thrown);
      // What concerns all of them is told once, by the command line.
      if (error.code !== "job-unknown" && error.code !== "job-state" && error.code !== "usage") throw error;
      exitCode = error.exitCode;
      done.push({ id: text, error: { code: error.code, message: error.message, help: error.help } });
      if (!isJson) terminal.note(`error: ${printable(error.message)}`);
    }
  }
  if (isJson) terminal.write(`${JSON.stringify({ jobs: done }, null, 2)}\n`);
  return exitCode;
}
