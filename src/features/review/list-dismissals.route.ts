import { z } from "zod";
import { dismissalSchema } from "../../contracts/review.ts";
import { defineRoute } from "../../contracts/route.ts";

export default defineRoute({
  method: "GET",
  path: "/v1/dismissals",
  summary: "List the findings that were dismissed in a repository",
  tag: "reviews",
  access: "member",
  status: 200,
  query: z.object({
    source: z.string().max(2_048).describe("Address or path of the repository, as its reviews have it"),
  }),
  response: z.object({ items: z.array(dismissalSchema) }),
  async handle({ query, services }) {
    const { reviews } = (await services.platform()).stores;
    return { body: { items: [...(await reviews.dismissals(query.source))] } };
  },
});
