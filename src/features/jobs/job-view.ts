import { z } from "zod";
import { AppError } from "../../base/errors.ts";
import { type Job, jobSchema } from "../../contracts/job.ts";

/** A job as the API gives it: with where to go from there. */
export const jobViewSchema = jobSchema
  .extend({
    links: z.object({
      self: z.string(),
      events: z.string().describe("Server-sent events"),
      result: z.string().describe("Once it is completed"),
      cancel: z.string().describe("POST"),
    }),
  })
  .meta({ id: "JobView" });

export function toJobView(job: Job): z.input<typeof jobViewSchema> {
  const self = `/v1/jobs/${job.id}`;
  return {
    ...job,
    links: { self, events: `${self}/events`, result: `${self}/result`, cancel: `${self}/cancel` },
  };
}

export const jobParams = z.object({ id: z.string().describe("Id of the job") });

const uuid = /^[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;

/** The id as the database knows it. @throws AppError `job-unknown` for what can be no job's id */
export function toJobId(params: { readonly id: string }): string {
  if (uuid.test(params.id)) return params.id.toLowerCase();
  throw new AppError(
    "job-unknown",
    `There is no job ${JSON.stringify(params.id)}; an id looks like 0198c5a0-7b1e-7000-8000-000000000000.`,
  );
}

export const cursorQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(20).describe("Most items of one page"),
  cursor: z.string().max(500).optional().describe("`nextCursor` of the page before"),
};
