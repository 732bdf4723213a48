import type { ScriptedAnswer } from "../model-script.ts";
import { pieces, sse, textOf, type Protocol } from "./protocol.ts";

const reasons = { stop: "end_turn", length: "max_tokens", filter: "refusal" } as const;

export const anthropic: Protocol = {
  name: "anthropic",
  streamType: "text/event-stream",
  closingFrames: 2,
  key: (headers) => String(headers["x-api-key"] ?? ""),
  probed: ({ path }) => decodeURIComponent(path.split("/models/")[1] ?? ""),
  read({ path, body }) {
    if (path.includes("/models/")) return null;
    const messages = (body["messages"] ?? []) as { role: string; content: unknown }[];
    return {
      model: String(body["model"]),
      system: body["system"] === undefined ? "" : textOf(body["system"]),
      messages: messages.map(({ role, content }) => ({ role, text: textOf(content) })),
      isStreamed: body["stream"] === true,
      maxTokens: body["max_tokens"] as number,
      inputs: null,
    };
  },
  whole: (answer) => ({
    type: "message",
    id: "msg_1",
    role: "assistant",
    model: `${answer.model}-2026`,
    content: answer.isEmpty ? [] : [{ type: "text", text: answer.text }],
    stop_reason: reasons[answer.finish],
    stop_sequence: null,
    ...(answer.usage ? { usage: { ...inputUsage(answer), output_tokens: answer.usage.output } } : {}),
  }),
  frames: (answer) => [
    event("message_start", {
      message: {
        id: "msg_1",
        type: "message",
        role: "assistant",
        model: `${answer.model}-2026`,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        ...(answer.usage ? { usage: { ...inputUsage(answer), output_tokens: 1 } } : {}),
      },
    }),
    ...(answer.isEmpty
      ? []
      : [
          event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
          ...pieces(answer.text).map((text) =>
            event("content_block_delta", { index: 0, delta: { type: "text_delta", text } }),
          ),
          event("content_block_stop", { index: 0 }),
        ]),
    event("message_delta", {
      delta: { stop_reason: reasons[answer.finish], stop_sequence: null },
      ...(answer.usage ? { usage: { output_tokens: answer.usage.output } } : {}),
    }),
    event("message_stop", {}),
  ],
  errorFrame: (message) => event("error", { error: { type: "overloaded_error", message } }),
  vectors: () => ({}),
  error: (status, message, retryMs) => ({
    type: "error",
    error: {
      type: status === 429 ? "rate_limit_error" : "api_error",
      message: retryMs === null ? message : `${message} Please try again in ${retryMs}ms.`,
    },
  }),
};

function event(type: string, data: object): string {
  return sse({ type, ...data }, type);
}

function inputUsage({ usage }: ScriptedAnswer): object {
  return {
    input_tokens: usage!.input,
    cache_read_input_tokens: usage!.cacheRead,
    cache_creation_input_tokens: usage!.cacheWrite,
  };
}
