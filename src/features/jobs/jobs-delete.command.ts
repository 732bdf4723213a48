import { defineCommand } from "../../contracts/command.ts";
import { doToEach } from "./each-job.ts";

export default defineCommand({
  name: "jobs delete",
  summary: "Delete jobs with their results, whatever their status",
  positionals: [
    { name: "ID", description: "Ids of jobs, or their beginnings", required: true, isRepeated: true },
  ],
  options: { json: { type: "boolean", description: "Print one JSON object" } },
  examples: ["repowright jobs delete 0198c5a0-7b1e"],
  async run({ positionals, options, services, terminal }) {
    const { jobs } = await services.jobs();
    return doToEach(positionals, jobs, terminal, options.json, async (job) => {
      await jobs.delete(job.id);
      return { status: "deleted" };
    });
  },
});
