import { z } from "zod";
import { callOutcomes, modelCallSchema } from "../../contracts/model-call.ts";
import { defineRoute } from "../../contracts/route.ts";

export default defineRoute({
  method: "GET",
  path: "/v1/llm/calls",
  summary: "List calls at models, the newest first",
  tag: "models",
  access: "member",
  status: 200,
  query: z.object({
    job: z.string().optional().describe("Id of a job"),
    task: z.string().optional(),
    provider: z.string().optional(),
    outcome: z.enum([...callOutcomes, "running", "unknown"]).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(20).describe("Most items of one page"),
    cursor: z.string().max(500).optional().describe("`nextCursor` of the page before"),
  }),
  errors: ["database-unavailable"],
  response: z.object({
    items: z.array(modelCallSchema),
    nextCursor: z.string().nullable().describe("Null at the end"),
  }),
  async handle({ query, services }) {
    const { job: jobId, task, provider, outcome, limit, cursor } = query;
    const { calls } = (await services.platform()).stores;
    const page = await calls.list({ jobId, task, provider, outcome }, { limit, cursor });
    return { body: { items: [...page.items], nextCursor: page.nextCursor } };
  },
});
