import { defineRoute } from "../../contracts/route.ts";
import { jobParams, jobViewSchema, toJobId, toJobView } from "./job-view.ts";

export default defineRoute({
  method: "POST",
  path: "/v1/jobs/:id/retry",
  summary: "Start a failed job anew",
  description: "Clears its result, error and checkpoints.",
  tag: "jobs",
  access: "member",
  status: 202,
  params: jobParams,
  errors: ["job-unknown", "job-state"],
  response: jobViewSchema,
  async handle({ params, services }) {
    const { jobs } = await services.platform();
    return { body: toJobView(await jobs.retry(toJobId(params))) };
  },
});
