import { z } from "zod";
import { defineJob, type JobDefinitions } from "../../src/contracts/job.ts";

/** Jobs that ask models, as features do. */
const options = z
  .strictObject({
    model: z.string().default(""),
    text: z.string().default(""),
    /** Ends its own process with SIGKILL so long after the call has begun, in the first attempt. */
    diesAfterMs: z.number().default(0),
    operation: z.string().default(""),
  })
  .prefault({});
const common = {
  needsSource: false,
  options,
  attempts: 2,
  backoff: { firstMs: 10, mostMs: 10 },
  timeoutMs: 20_000,
  concurrency: 4,
  priority: 0,
  dedupeKey: () => null,
};

const askModel = defineJob({
  ...common,
  kind: "ask-model",
  summary: "Asks a model",
  async run({ id, attempt, services, signal }, { model, text, diesAfterMs }) {
    const models = await services.models();
    if (diesAfterMs > 0 && attempt === 1) setTimeout(() => process.kill(process.pid, "SIGKILL"), diesAfterMs);
    const answer = await models.generate(
      { task: "ask", messages: [{ role: "user", text }], maxOutputTokens: 50, mayUseCache: false },
      { signal, jobId: id, modelOverride: attempt === 1 ? model : "compatible/good" },
    );
    return { text: answer.text, usage: answer.usage };
  },
});

const useStore = defineJob({
  ...common,
  kind: "use-store",
  summary: "Asks its worker for an operation of a store",
  async run({ services }, { operation }) {
    const { calls } = await services.stores();
    if (operation === "list") return calls.list({}, { limit: 5 });
    if (operation === "bad-cursor") return calls.list({}, { limit: 5, cursor: "x" });
    return "nothing";
  },
});

export const modelKinds = new Map(
  [askModel, useStore].map((definition) => [definition.kind, definition]),
) as unknown as JobDefinitions;
