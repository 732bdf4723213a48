import { bearer, pieces, textOf, type Protocol } from "./protocol.ts";

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

export const ollama: Protocol = {
  name: "ollama",
  streamType: "application/x-ndjson",
  closingFrames: 1,
  key: bearer,
  probed: ({ body }) => String(body["model"]),
  probeAnswer: () => ({ model_info: { "qwen3.context_length": 40_960 } }),
  read({ path, body }) {
    if (path.endsWith("/api/show")) return null;
    const messages = (body["messages"] ?? []) as { role: string; content: unknown }[];
    const options = (body["options"] ?? {}) as { num_predict?: number };
    return {
      model: String(body["model"]),
      system: messages
        .filter(({ role }) => role === "system")
        .map(({ content }) => textOf(content))
        .join("\n"),
      messages: messages
        .filter(({ role }) => role !== "system")
        .map(({ role, content }) => ({ role, text: textOf(content) })),
      isStreamed: body["stream"] !== false,
      maxTokens: options.num_predict ?? null,
      inputs: (body["input"] as string[] | undefined) ?? null,
    };
  },
  whole: (answer) =>
    answer.isEmpty
      ? { model: answer.model, done: true }
      : { model: answer.model, message: { role: "assistant", content: answer.text }, ...end(answer) },
  frames: (answer) => [
    ...(answer.isEmpty ? [] : pieces(answer.text)).map((content) =>
      line({ model: answer.model, message: { role: "assistant", content }, done: false }),
    ),
    line({ model: answer.model, message: { role: "assistant", content: "" }, ...end(answer) }),
  ],
  errorFrame: (message) => line({ error: message }),
  vectors: (embeddings, usage) => ({
    model: "x",
    embeddings,
    ...(usage ? { prompt_eval_count: usage.input } : {}),
  }),
  error: (_status, message, retryMs) => ({
    error: retryMs === null ? message : `${message}, try again in ${retryMs}ms`,
  }),
};

function end(answer: Parameters<Protocol["frames"]>[0]): object {
  const { usage } = answer;
  return {
    done: true,
    done_reason: answer.finish === "length" ? "length" : "stop",
    ...(usage
      ? { prompt_eval_count: usage.input + usage.cacheRead + usage.cacheWrite, eval_count: usage.output }
      : {}),
  };
}
