import { z } from "zod";
import { defineRoute } from "../../contracts/route.ts";
import { readHealth } from "./health-state.ts";

export default defineRoute({
  method: "GET",
  path: "/health/ready",
  summary: "Whether to send requests here",
  description: "503 while a part is down and while the server drains.",
  tag: "operations",
  access: "public",
  status: 200,
  otherStatuses: [503],
  response: z.object({ status: z.enum(["ready", "unhealthy", "stopping"]) }),
  async handle({ services, server }) {
    if (server.isStopping()) return answer("stopping");
    return answer((await readHealth(services)).isHealthy ? "ready" : "unhealthy");
  },
});

function answer(status: "ready" | "unhealthy" | "stopping") {
  return {
    body: { status },
    ...(status === "ready" ? {} : { status: 503, headers: { "retry-after": "5" } }),
  };
}
