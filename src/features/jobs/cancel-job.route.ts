import { defineRoute } from "../../contracts/route.ts";
import { jobParams, jobViewSchema, toJobId, toJobView } from "./job-view.ts";

export default defineRoute({
  method: "POST",
  path: "/v1/jobs/:id/cancel",
  summary: "Stop a job, wherever it is",
  description: "Ends the work and every process it started.",
  tag: "jobs",
  access: "member",
  status: 200,
  params: jobParams,
  errors: ["job-unknown", "job-state"],
  response: jobViewSchema,
  async handle({ params, services }) {
    const { jobs } = await services.platform();
    return { body: toJobView(await jobs.cancel(toJobId(params))) };
  },
});
