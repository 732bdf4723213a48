import { z } from "zod";
import { defineRoute } from "../../contracts/route.ts";

export default defineRoute({
  method: "GET",
  path: "/health/llm",
  summary: "Whether a configured model can be asked",
  description:
    "Asks the providers, in a way that costs nothing and takes a few seconds at most; the answer is kept for ten seconds. 503 also where no model is configured: what needs none works all the same.",
  tag: "operations",
  access: "public",
  status: 200,
  otherStatuses: [503],
  response: z.object({
    status: z.enum(["answering", "unavailable", "not-configured", "disabled"]),
    configured: z.number().int().describe("Models that the settings name"),
    answering: z.number().int().describe("Those of them that can be asked now"),
  }),
  async handle({ services, signal }) {
    const { status, models } = await (await services.models()).status(signal);
    return {
      status: status === "answering" ? 200 : 503,
      body: {
        status,
        configured: models.length,
        answering: models.filter(({ isAnswering }) => isAnswering).length,
      },
    };
  },
});
