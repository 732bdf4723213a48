import { z } from "zod";
import { defineRoute } from "../../contracts/route.ts";
import { readHealth } from "./health-state.ts";

export default defineRoute({
  method: "GET",
  path: "/health",
  summary: "Whether it works, and which part does not",
  tag: "operations",
  access: "public",
  status: 200,
  otherStatuses: [503],
  response: z.object({
    status: z.enum(["healthy", "unhealthy"]),
    db: z.boolean(),
    redis: z.boolean().nullable().describe("Null where none is configured"),
    queue: z.boolean(),
    workers: z.number().int().describe("Workers that gave a sign of life"),
  }),
  async handle({ services }) {
    const { isHealthy, ...parts } = await readHealth(services);
    const status = isHealthy ? ("healthy" as const) : ("unhealthy" as const);
    return { status: isHealthy ? 200 : 503, body: { status, ...parts } };
  },
});
