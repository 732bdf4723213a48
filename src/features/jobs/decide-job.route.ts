import { z } from "zod";
import { defineRoute } from "../../contracts/route.ts";
import { jobParams, jobViewSchema, toJobId, toJobView } from "./job-view.ts";

export default defineRoute({
  method: "POST",
  path: "/v1/jobs/:id/decision",
  summary: "Answer what a waiting job asks",
  tag: "jobs",
  access: "member",
  status: 200,
  params: jobParams,
  errors: ["job-unknown", "job-state"],
  body: z
    .strictObject({
      approved: z.boolean(),
      comment: z.string().max(10_000).nullable().default(null),
    })
    .meta({ id: "Decision", examples: [{ approved: true, comment: "Go ahead." }] }),
  response: jobViewSchema,
  async handle({ params, body, services }) {
    const { jobs } = await services.platform();
    const decision = { isApproved: body.approved, comment: body.comment };
    return { body: toJobView(await jobs.decide(toJobId(params), decision)) };
  },
});
