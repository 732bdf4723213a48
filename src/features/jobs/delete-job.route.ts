import { defineRoute } from "../../contracts/route.ts";
import { jobParams, toJobId } from "./job-view.ts";

export default defineRoute({
  method: "DELETE",
  path: "/v1/jobs/:id",
  summary: "Delete a job with its result, whatever its status",
  tag: "jobs",
  access: "member",
  status: 204,
  params: jobParams,
  errors: ["job-unknown"],
  async handle({ params, services }) {
    const { jobs } = await services.platform();
    await jobs.delete(toJobId(params));
    return {};
  },
});
