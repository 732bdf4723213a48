import { AppError } from "../../base/errors.ts";
import { defineCommand } from "../../contracts/command.ts";
import { doToEach } from "./each-job.ts";
import { readJobs, writeJobs } from "./list-jobs.ts";

export default defineCommand({
  name: "jobs dead",
  summary: "List the jobs that were given up, with the reason; --retry starts them anew",
  positionals: [],
  options: {
    kind: { type: "string", value: "KIND", description: "Only jobs of this kind" },
    retry: { type: "boolean", description: "Start all jobs of --kind anew" },
    json: { type: "boolean", description: "Print one JSON object" },
  },
  examples: ["repowright jobs dead", "repowright jobs dead --kind analyze --retry"],
  async run({ options, services, terminal }) {
    if (options.retry && options.kind === undefined)
      throw new AppError("usage", "--retry needs --kind: which jobs are to start anew.");
    const { jobs } = await services.jobs();
    const dead = await readJobs(jobs, { status: "failed", kind: options.kind }, Infinity);
    if (options.retry)
      return doToEach(
        dead.map((job) => job.id),
        jobs,
        terminal,
        options.json,
        (job) => jobs.retry(job.id),
      );
    if (options.json) terminal.write(`${JSON.stringify({ jobs: dead }, null, 2)}\n`);
    else if (dead.length === 0) terminal.note("No job was given up.");
    else writeJobs(dead, terminal, Date.now());
    return 0;
  },
});
