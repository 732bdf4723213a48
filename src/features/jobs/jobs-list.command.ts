import { AppError } from "../../base/errors.ts";
import { defineCommand } from "../../contracts/command.ts";
import { type JobStatus, jobStatuses } from "../../contracts/job.ts";
import { readJobs, writeJobs } from "./list-jobs.ts";

const usual = 20;

export default defineCommand({
  name: "jobs list",
  summary: "List jobs, the newest first",
  positionals: [],
  options: {
    status: { type: "string", value: "STATUS", description: `Only these: ${jobStatuses.join(", ")}` },
    kind: { type: "string", value: "KIND", description: "Only jobs of this kind" },
    limit: { type: "string", value: "N", description: `At most so many (default ${usual})` },
    all: { type: "boolean", description: "All there are" },
    json: { type: "boolean", description: "Print one JSON object" },
  },
  examples: ["repowright jobs list", "repowright jobs list --status failed --all --json"],
  async run({ options, services, terminal }) {
    const status = options.status as JobStatus | undefined;
    if (status !== undefined && !jobStatuses.includes(status))
      throw new AppError(
        "usage",
        `There is no status ${JSON.stringify(status)}; there is ${jobStatuses.join(", ")}.`,
      );
    const most = options.all ? Infinity : toLimit(options.limit);
    const { jobs } = await services.jobs();
    const found = await readJobs(jobs, { status, kind: options.kind }, most);
    if (options.json) terminal.write(`${JSON.stringify({ jobs: found }, null, 2)}\n`);
    else if (found.length === 0) terminal.note("There are no such jobs.");
    else writeJobs(found, terminal, Date.now());
    return 0;
  },
});

function toLimit(text: string | undefined): number {
  if (text === undefined) return usual;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new AppError("usage", `--limit takes a whole number of at least 1, not ${JSON.stringify(text)}.`);
}
