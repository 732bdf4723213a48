import { z } from "zod";
import { defineRoute } from "../../contracts/route.ts";
import { jobParams, toJobId } from "./job-view.ts";

export default defineRoute({
  method: "GET",
  path: "/v1/jobs/:id/result",
  summary: "What a completed job found out",
  tag: "jobs",
  access: "member",
  status: 200,
  params: jobParams,
  errors: ["job-unknown", "job-state"],
  response: z.unknown().describe("As the kind gives it"),
  async handle({ params, services }) {
    const { jobs } = await services.platform();
    // Text as it is stored: a report of megabytes is not parsed only to be written again.
    const content = await jobs.result(toJobId(params));
    return { text: { type: "application/json; charset=utf-8", content } };
  },
});
