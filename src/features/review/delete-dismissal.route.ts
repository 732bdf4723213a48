import { z } from "zod";
import { defineRoute } from "../../contracts/route.ts";

export default defineRoute({
  method: "DELETE",
  path: "/v1/dismissals/:fingerprint",
  summary: "Take a dismissal back",
  tag: "reviews",
  access: "member",
  status: 204,
  params: z.object({ fingerprint: z.string().min(1).max(64) }),
  query: z.object({
    source: z.string().max(2_048).describe("Address or path of the repository, as its reviews have it"),
  }),
  errors: ["finding-unknown"],
  async handle({ params, query, services }) {
    const { reviews } = (await services.platform()).stores;
    await reviews.restore(query.source, params.fingerprint);
    return {};
  },
});
