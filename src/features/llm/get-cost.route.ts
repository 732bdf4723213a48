import { z } from "zod";
import { costGroups, costLineSchema } from "../../contracts/model-call.ts";
import { defineRoute } from "../../contracts/route.ts";

export default defineRoute({
  method: "GET",
  path: "/v1/llm/cost",
  summary: "What calls at models came to",
  description: "Sums by current prices. Calls whose price is unknown are counted apart and never as free.",
  tag: "models",
  access: "member",
  status: 200,
  query: z.object({
    by: z.enum(costGroups).default("model"),
    days: z.coerce.number().int().min(1).max(3_650).default(30).describe("Days (UTC), today included"),
  }),
  errors: ["database-unavailable"],
  response: z.object({ items: z.array(costLineSchema) }),
  async handle({ query, services }) {
    const { calls } = (await services.platform()).stores;
    return { body: { items: [...(await calls.cost(query.by, query.days))] } };
  },
});
