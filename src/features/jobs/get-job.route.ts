import { z } from "zod";
import { attemptSchema, queuePlaceSchema, stepSchema } from "../../contracts/job.ts";
import { defineRoute } from "../../contracts/route.ts";
import { jobParams, jobViewSchema, toJobId, toJobView } from "./job-view.ts";

export default defineRoute({
  method: "GET",
  path: "/v1/jobs/:id",
  summary: "One job, with why it waits, its attempts and steps",
  tag: "jobs",
  access: "member",
  status: 200,
  params: jobParams,
  errors: ["job-unknown"],
  response: jobViewSchema
    .extend({
      place: queuePlaceSchema.nullable().describe("Why it waits; null unless `pending` or `waiting`"),
      attempts: z.array(attemptSchema),
      steps: z.array(stepSchema).describe("Checkpoints that a further attempt goes on from"),
    })
    .meta({ id: "JobDetails" }),
  async handle({ params, services }) {
    const { jobs } = await services.platform();
    const job = await jobs.get(toJobId(params));
    const waits = job.status === "pending" || job.status === "waiting";
    const [place, { attempts, steps }] = await Promise.all([
      waits ? jobs.place(job) : null,
      jobs.attempts(job.id),
    ]);
    return { body: { ...toJobView(job), place, attempts: [...attempts], steps: [...steps] } };
  },
});
