import { printableLine } from "../../base/text.ts";
import type { Job, JobEvent, Jobs } from "../../contracts/job.ts";
import type { Terminal } from "../../contracts/terminal.ts";
import { describeEvent, describeJob, formatSpan } from "./job-text.ts";

/** Shows what happens to a job until it has ended. Resolves to the exit code: 0 when it was completed. */
export async function followJob(
  id: string,
  jobs: Jobs,
  terminal: Terminal,
  isJson: boolean,
  signal: AbortSignal,
): Promise<number> {
  for await (const event of jobs.follow(id, 0, signal)) {
    if (isJson) terminal.write(`${JSON.stringify(event)}\n`);
    else if (event.type === "progress" && terminal.isInteractive) showProgress(event, terminal);
    else terminal.write(`${describeEvent(event)}\n`);
    if (!isJson && event.type === "state" && event.data["status"] === "waiting")
      await tellQuestion(id, jobs, terminal);
  }
  signal.throwIfAborted();
  terminal.clearProgress();
  const job = await jobs.get(id);
  if (!isJson) tellEnd(job, terminal);
  return job.status === "completed" ? 0 : 1;
}

function showProgress({ data }: JobEvent, terminal: Terminal): void {
  const { fraction, message } = data;
  terminal.progress({
    stage: "job",
    fraction: typeof fraction === "number" ? fraction : null,
    message: typeof message === "string" ? message : "",
  });
}

async function tellQuestion(id: string, jobs: Jobs, terminal: Terminal): Promise<void> {
  const { approval } = await jobs.get(id);
  if (approval === null) return;
  terminal.note(
    `${printableLine(approval.question)}\n  repowright jobs approve ${id}\n  repowright jobs decline ${id}`,
  );
}

function tellEnd(job: Job, terminal: Terminal): void {
  const took =
    job.startedAt === null || job.finishedAt === null
      ? ""
      : ` after ${formatSpan(Date.parse(job.finishedAt) - Date.parse(job.startedAt))}`;
  terminal.note(`Job ${job.id} ${job.status}${took}.`);
  if (job.status === "completed") terminal.note(`Its result: repowright jobs result ${job.id}`);
  if (job.status === "failed") {
    terminal.note(printableLine(describeJob(job)));
    if (job.error !== null) terminal.note(job.error.help);
  }
}
