import { AppError } from "../../base/errors.ts";
import { printableLine } from "../../base/text.ts";
import type { Job, JobEvent, Jobs } from "../../contracts/job.ts";
import type { Terminal } from "../../contracts/terminal.ts";
import { describeEvent, describeJob, formatSpan, isEnded } from "./job-text.ts";

/** Time between looks at who could do the work. */
const lookMs = 1_000;

/**
 * Shows what happens to a job until it has ended. Resolves to the exit code: 0 when it was completed.
 * @throws AppError `worker-missing` when nobody works on this database; a server is believed to get a worker
 */
export async function followJob(
  id: string,
  { jobs, through }: { readonly jobs: Jobs; readonly through: "server" | "database" },
  terminal: Terminal,
  isJson: boolean,
  signal: AbortSignal,
): Promise<number> {
  const inVain = new AbortController();
  const stopLooking = lookForWorkers(id, jobs, () => {
    if (through === "database") inVain.abort();
    else if (!isJson)
      terminal.note("No worker runs yet; the job waits for `repowright serve --roles worker`.");
  });
  try {
    await show(id, jobs, terminal, isJson, AbortSignal.any([signal, inVain.signal]));
  } finally {
    stopLooking();
  }
  signal.throwIfAborted();
  terminal.clearProgress();
  const job = await jobs.get(id);
  if (inVain.signal.aborted && !isEnded(job))
    throw new AppError("worker-missing", `Job ${id} is ${job.status}, and no worker runs that could do it.`);
  if (!isJson) tellEnd(job, terminal);
  return job.status === "completed" ? 0 : 1;
}

async function show(
  id: string,
  jobs: Jobs,
  terminal: Terminal,
  isJson: boolean,
  signal: AbortSignal,
): Promise<void> {
  for await (const event of jobs.follow(id, 0, signal)) {
    if (isJson) terminal.write(`${JSON.stringify(event)}\n`);
    else if (event.type === "progress" && terminal.isInteractive) showProgress(event, terminal);
    else terminal.write(`${describeEvent(event)}\n`);
    if (!isJson && event.type === "state" && event.data["status"] === "waiting")
      await tellQuestion(id, jobs, terminal);
  }
}

/** Calls back once, when the job has not ended and no worker gives a sign of life. Returns what ends the looking. */
function lookForWorkers(id: string, jobs: Jobs, onNone: () => void): () => void {
  let timer: NodeJS.Timeout;
  let isStopped = false;
  const look = async (): Promise<void> => {
    try {
      const job = await jobs.get(id);
      if (isEnded(job)) return;
      if ((await jobs.counts()).workers === 0) {
        if (!isStopped) onNone();
        return;
      }
    } catch {
      // Whoever follows finds out what is wrong; here the next look may work.
    }
    if (!isStopped) timer = setTimeout(() => void look(), lookMs);
  };
  timer = setTimeout(() => void look(), lookMs);
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
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
