import { z } from "zod";
import { defineRoute } from "../../contracts/route.ts";

export default defineRoute({
  method: "GET",
  path: "/v1/kinds",
  summary: "What jobs there are, and what they take",
  tag: "jobs",
  access: "member",
  status: 200,
  response: z.object({
    items: z.array(
      z.object({
        kind: z.string(),
        summary: z.string(),
        needsSource: z.boolean(),
        options: z.record(z.string(), z.unknown()).describe("JSON schema of `options`"),
        attempts: z.number().int().describe("In all, before it is given up"),
        timeoutMs: z.number().describe("Longest time of one attempt"),
        concurrency: z.number().int().describe("At once in one worker"),
        priority: z.number().int().describe("Unless the request gives one"),
      }),
    ),
  }),
  async handle({ services }) {
    const items = [...(await services.jobKinds()).values()].map((definition) => ({
      kind: definition.kind,
      summary: definition.summary,
      needsSource: definition.needsSource,
      options: z.toJSONSchema(definition.options, { io: "input", unrepresentable: "any" }),
      attempts: definition.attempts,
      timeoutMs: definition.timeoutMs,
      concurrency: definition.concurrency,
      priority: definition.priority,
    }));
    return { body: { items } };
  },
});
