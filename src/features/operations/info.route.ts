import { z } from "zod";
import { defineRoute } from "../../contracts/route.ts";

export default defineRoute({
  method: "GET",
  path: "/",
  summary: "What this is, and where to go from here",
  tag: "operations",
  access: "public",
  status: 200,
  response: z.object({
    name: z.string(),
    version: z.string(),
    links: z.record(z.string(), z.string()),
  }),
  handle: ({ server }) =>
    Promise.resolve({
      body: {
        name: "repowright",
        version: server.version,
        links: {
          jobs: "/v1/jobs",
          kinds: "/v1/kinds",
          repositories: "/v1/repositories",
          health: "/health",
          metrics: "/metrics",
          openapi: "/openapi.json",
          docs: "/docs",
        },
      },
    }),
});
