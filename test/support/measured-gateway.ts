import type { ModelGateway, ModelRequest } from "../../src/contracts/model-gateway.ts";
import { estimateTokens } from "../../src/core/llm/estimate-tokens.ts";
import { redactSecrets } from "../../src/core/llm/redact.ts";
import { createAnswerForm } from "../../src/core/llm/structured.ts";

export interface MeasuredPrompt {
  readonly system: string;
  /** As it leaves the gateway. */
  readonly user: string;
  /** Of prompt and longest answer, as the gateway counts them before it refuses. */
  readonly neededTokens: number;
  /** Of the prompt alone. */
  readonly promptTokens: number;
}

/** Answers at once, and measures every prompt as the real gateway does. */
export function createMeasuredGateway(
  window: number,
  answer: (prompt: MeasuredPrompt) => unknown,
): { readonly gateway: ModelGateway; readonly prompts: readonly MeasuredPrompt[] } {
  const prompts: MeasuredPrompt[] = [];
  const generate = async (request: ModelRequest): Promise<unknown> => {
    const form = createAnswerForm(request.schema!);
    const { texts } = redactSecrets([request.system ?? "", ...request.messages.map(({ text }) => text)], []);
    const system = `${texts[0]!}\n\n${form.instruction}`;
    const promptTokens = estimateTokens([system, ...texts.slice(1)]);
    const neededTokens = promptTokens + request.maxOutputTokens;
    const prompt = { system, user: texts[1]!, neededTokens, promptTokens };
    prompts.push(prompt);
    return {
      object: request.schema!.parse(answer(prompt)),
      provider: "p",
      model: "m",
      answeredBy: null,
      usage: { inputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 1 },
      costUsd: 0,
      calls: 1,
    };
  };
  const gateway = {
    availability: () => ({ isAvailable: true, models: ["p/m"] }),
    contextWindow: async () => window,
    generate,
  } as unknown as ModelGateway;
  return { gateway, prompts };
}
