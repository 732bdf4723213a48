import { defineCommand } from "../../contracts/command.ts";
import { findJob } from "./find-job.ts";
import { followJob } from "./follow-job.ts";

export default defineCommand({
  name: "jobs watch",
  summary: "Follow a job until it ends",
  description: "The exit code is 0 when it was completed and 1 when it failed or was cancelled.",
  positionals: [{ name: "ID", description: "Id of the job, or its beginning", required: true }],
  options: { json: { type: "boolean", description: "Print each event as a line of JSON" } },
  examples: ["repowright jobs watch 0198c5a0-7b1e"],
  async run({ positionals, options, services, terminal, signal }) {
    const found = await services.jobs();
    const { jobs } = found;
    const { id } = await findJob(jobs, positionals[0]!);
    return followJob(id, found, terminal, options.json, signal);
  },
});
