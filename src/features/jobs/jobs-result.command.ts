import { defineCommand } from "../../contracts/command.ts";
import { findJob } from "./find-job.ts";

export default defineCommand({
  name: "jobs result",
  summary: "Print what a completed job found out, as JSON",
  positionals: [{ name: "ID", description: "Id of the job, or its beginning", required: true }],
  options: { json: { type: "boolean", description: "It is JSON in any case" } },
  examples: ["repowright jobs result 0198c5a0-7b1e > report.json"],
  async run({ positionals, services, terminal }) {
    const { jobs } = await services.jobs();
    const { id } = await findJob(jobs, positionals[0]!);
    terminal.write(`${await jobs.result(id)}\n`);
    return 0;
  },
});
