import { defineCommand } from "../../contracts/command.ts";
import { findJob } from "./find-job.ts";

export default defineCommand({
  name: "jobs approve",
  summary: "Say yes to what a waiting job asks",
  positionals: [{ name: "ID", description: "Id of the job, or its beginning", required: true }],
  options: {
    comment: { type: "string", value: "TEXT", description: "What the job is told besides" },
    json: { type: "boolean", description: "Print the job as JSON" },
  },
  examples: ['repowright jobs approve 0198c5a0-7b1e --comment "go ahead"'],
  async run({ positionals, options, services, terminal }) {
    const { jobs } = await services.jobs();
    const { id } = await findJob(jobs, positionals[0]!);
    const job = await jobs.decide(id, { isApproved: true, comment: options.comment ?? null });
    terminal.write(options.json ? `${JSON.stringify(job, null, 2)}\n` : `${job.id}  ${job.status}\n`);
    return 0;
  },
});
