import type { ScriptedAnswer } from "../model-script.ts";
import { bearer, pieces, sse, textOf, type Protocol } from "./protocol.ts";

const reasons = { stop: "stop", length: "length", filter: "content_filter" } as const;

/** OpenAI's chat completions, as many servers speak them. OpenRouter adds what a call cost. */
export function createChat(name: string, costOf: (answer: ScriptedAnswer) => number | null): Protocol {
  const usage = (answer: ScriptedAnswer): object => {
    if (!answer.usage) return {};
    const { input, cacheRead, cacheWrite, output } = answer.usage;
    const cost = costOf(answer);
    return {
      usage: {
        prompt_tokens: input + cacheRead + cacheWrite,
        completion_tokens: output,
        total_tokens: input + cacheRead + cacheWrite + output,
        prompt_tokens_details: { cached_tokens: cacheRead },
        ...(cost === null ? {} : { cost }),
      },
    };
  };
  const head = (answer: ScriptedAnswer): object => ({ id: "c1", created: 1, model: `${answer.model}-2026` });
  return {
    name,
    streamType: "text/event-stream",
    closingFrames: 3,
    key: bearer,
    probed: ({ path }) => decodeURIComponent(/\/models\/(.+?)(\/endpoints)?$/.exec(path)?.[1] ?? ""),
    probeAnswer: () => ({ data: [{ id: "good" }] }),
    read({ path, body }) {
      if (path.endsWith("/models") || path.endsWith("/key") || path.endsWith("/endpoints")) return null;
      const messages = (body["messages"] ?? []) as { role: string; content: unknown }[];
      return {
        model: String(body["model"]),
        system: messages
          .filter(({ role }) => role === "system")
          .map(({ content }) => textOf(content))
          .join("\n"),
        messages: messages
          .filter(({ role }) => role !== "system")
          .map(({ role, content }) => ({ role, text: textOf(content) })),
        isStreamed: body["stream"] === true,
        maxTokens: (body["max_tokens"] as number | undefined) ?? null,
        inputs: (body["input"] as string[] | undefined) ?? null,
      };
    },
    whole: (answer) => ({
      ...head(answer),
      object: "chat.completion",
      choices: answer.isEmpty
        ? []
        : [
            {
              index: 0,
              message: { role: "assistant", content: answer.text },
              finish_reason: reasons[answer.finish],
            },
          ],
      ...usage(answer),
    }),
    frames: (answer) => [
      ...(answer.isEmpty ? [] : pieces(answer.text)).map((content) =>
        sse({ ...head(answer), choices: [{ index: 0, delta: { role: "assistant", content } }] }),
      ),
      sse({
        ...head(answer),
        choices: answer.isEmpty ? [] : [{ index: 0, delta: {}, finish_reason: reasons[answer.finish] }],
      }),
      sse({ ...head(answer), choices: [], ...usage(answer) }),
      "data: [DONE]\n\n",
    ],
    errorFrame: (message) => sse({ error: { message, type: "server_error", code: 529 } }),
    vectors: (vectors, used) => ({
      object: "list",
      model: "x",
      data: vectors.map((embedding, index) => ({ object: "embedding", index, embedding })),
      ...(used ? { usage: { prompt_tokens: used.input, total_tokens: used.input } } : {}),
    }),
    error: (status, message, retryMs) => ({
      error: {
        message: retryMs === null ? message : `${message} Please try again in ${retryMs}ms.`,
        type: "error",
        code: status === 429 ? "rate_limit_exceeded" : null,
      },
    }),
  };
}
