import { defineCommand } from "../../contracts/command.ts";
import { doToEach } from "./each-job.ts";

export default defineCommand({
  name: "jobs retry",
  summary: "Start failed jobs anew",
  positionals: [
    { name: "ID", description: "Ids of jobs, or their beginnings", required: true, isRepeated: true },
  ],
  options: { json: { type: "boolean", description: "Print one JSON object" } },
  examples: ["repowright jobs retry 0198c5a0-7b1e"],
  async run({ positionals, options, services, terminal }) {
    const { jobs } = await services.jobs();
    return doToEach(positionals, jobs, terminal, options.json, (job) => jobs.retry(job.id));
  },
});
