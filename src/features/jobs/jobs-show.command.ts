import { printable } from "../../base/text.ts";
import { defineCommand } from "../../contracts/command.ts";
import type { Attempt, Job, QueuePlace, Step } from "../../contracts/job.ts";
import { findJob } from "./find-job.ts";
import { formatColumns } from "../../base/columns.ts";
import { describeJob, formatAge, formatSpan } from "./job-text.ts";

export default defineCommand({
  name: "jobs show",
  summary: "Show a job: its state, why it waits, its attempts and steps",
  positionals: [{ name: "ID", description: "Id of the job, or its beginning", required: true }],
  options: { json: { type: "boolean", description: "Print one JSON object" } },
  examples: ["repowright jobs show 0198c5a0-7b1e"],
  async run({ positionals, options, services, terminal }) {
    const { jobs } = await services.jobs();
    const job = await findJob(jobs, positionals[0]!);
    const [place, { attempts, steps }] = await Promise.all([jobs.place(job), jobs.attempts(job.id)]);
    if (options.json) terminal.write(`${JSON.stringify({ ...job, place, attempts, steps }, null, 2)}\n`);
    else terminal.write(describe(job, place, attempts, steps, terminal.columns));
    return 0;
  },
});

function describe(
  job: Job,
  place: QueuePlace | null,
  attempts: readonly Attempt[],
  steps: readonly Step[],
  columns: number,
): string {
  const now = Date.now();
  const rows: [string, string | null][] = [
    ["id", job.id],
    ["kind", job.kind],
    ["status", [job.status, describeJob(job)].filter((part) => part !== "").join(": ")],
    ["source", job.source],
    ["revision", job.rev],
    ["commit", job.commit],
    ["options", Object.keys(job.options).length === 0 ? null : JSON.stringify(job.options)],
    ["asked by", `${job.caller}, ${formatAge(job.createdAt, now)} (${job.createdAt})`],
    ["started", job.startedAt === null ? null : formatAge(job.startedAt, now)],
    ["ended", job.finishedAt === null ? null : formatAge(job.finishedAt, now)],
    ["attempt", `${job.attempt} of ${job.maxAttempts}`],
    ["waits", place === null ? null : describePlace(place)],
    ["trace", job.traceId],
    ["help", job.error?.help ?? null],
  ];
  const facts = formatColumns(
    rows.filter((row): row is [string, string] => row[1] !== null),
    Infinity,
  );
  const lines = attempts.map((attempt) => [
    `  ${attempt.attempt}`,
    attempt.outcome ?? "running",
    attempt.finishedAt === null
      ? ""
      : formatSpan(Date.parse(attempt.finishedAt) - Date.parse(attempt.startedAt)),
    attempt.workerId,
    attempt.error === null ? "" : `${attempt.error.code}: ${attempt.error.message}`,
  ]);
  return printable(
    [
      facts,
      lines.length === 0 ? "" : `\nattempts\n${formatColumns(lines, columns)}`,
      steps.length === 0 ? "" : `\nsteps\n${steps.map((step) => `  ${describeStep(step)}\n`).join("")}`,
    ].join(""),
  );
}

function describePlace(place: QueuePlace): string {
  const estimate = place.estimateMs === null ? "" : `, in about ${formatSpan(place.estimateMs)}`;
  return `${place.message}${place.place === null ? "" : ` (place ${place.place}${estimate})`}`;
}

function describeStep(step: Step): string {
  return `${step.name}: ${step.finishedAt === null ? "under way" : `done in attempt ${step.attempt}`}`;
}
