import type { ScriptedAnswer } from "../model-script.ts";
import { createChat } from "./chat.ts";
import { pieces, sse, textOf, type Protocol } from "./protocol.ts";

const chat = createChat("openai", () => null);
const itemId = "msg_1";

/** OpenAI's responses. */
export const responses: Protocol = {
  ...chat,
  closingFrames: 1,
  read(call) {
    const { path, body } = call;
    if (/\/models\//.test(path)) return null;
    if (path.endsWith("/embeddings")) return chat.read(call);
    const input = body["input"] as { role: string; content: unknown }[];
    const isSystem = (role: string): boolean => role === "system" || role === "developer";
    return {
      model: String(body["model"]),
      system: input
        .filter(({ role }) => isSystem(role))
        .map(({ content }) => textOf(content))
        .join("\n"),
      messages: input
        .filter(({ role }) => !isSystem(role))
        .map(({ role, content }) => ({ role, text: textOf(content) })),
      isStreamed: body["stream"] === true,
      maxTokens: (body["max_output_tokens"] as number | undefined) ?? null,
      inputs: null,
    };
  },
  whole: (answer) => ({ ...response(answer), output: answer.isEmpty ? [] : [message(answer)] }),
  frames: (answer) => [
    sse({ type: "response.created", response: { ...response(answer), usage: null } }),
    ...(answer.isEmpty
      ? []
      : [
          sse({
            type: "response.output_item.added",
            output_index: 0,
            item: { type: "message", id: itemId, role: "assistant", status: "in_progress", content: [] },
          }),
          ...pieces(answer.text).map((delta) =>
            sse({
              type: "response.output_text.delta",
              item_id: itemId,
              output_index: 0,
              content_index: 0,
              delta,
            }),
          ),
          sse({ type: "response.output_item.done", output_index: 0, item: message(answer) }),
        ]),
    sse({
      type: answer.finish === "stop" ? "response.completed" : "response.incomplete",
      response: response(answer),
    }),
  ],
  errorFrame: (text) =>
    sse({
      type: "error",
      sequence_number: 1,
      error: { type: "server_error", code: "server_error", message: text, param: null },
    }),
};

function message(answer: ScriptedAnswer): object {
  return {
    type: "message",
    id: itemId,
    role: "assistant",
    status: "completed",
    content: [{ type: "output_text", text: answer.text, annotations: [] }],
  };
}

function response(answer: ScriptedAnswer): object {
  const { usage } = answer;
  return {
    id: "resp_1",
    object: "response",
    created_at: 1,
    model: `${answer.model}-2026`,
    status: answer.finish === "stop" ? "completed" : "incomplete",
    incomplete_details:
      answer.finish === "stop"
        ? null
        : { reason: answer.finish === "length" ? "max_output_tokens" : "content_filter" },
    ...(usage
      ? {
          usage: {
            input_tokens: usage.input + usage.cacheRead + usage.cacheWrite,
            input_tokens_details: { cached_tokens: usage.cacheRead },
            output_tokens: usage.output,
            output_tokens_details: { reasoning_tokens: 0 },
          },
        }
      : {}),
  };
}
