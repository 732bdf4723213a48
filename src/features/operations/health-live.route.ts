import { z } from "zod";
import { defineRoute } from "../../contracts/route.ts";

export default defineRoute({
  method: "GET",
  path: "/health/live",
  summary: "Whether the process answers; if not, restart it",
  tag: "operations",
  access: "public",
  status: 200,
  response: z.object({ status: z.literal("alive") }),
  handle: () => Promise.resolve({ body: { status: "alive" as const } }),
});
