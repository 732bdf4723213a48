import type { ScriptedAnswer } from "../model-script.ts";
import { pieces, sse, type Protocol } from "./protocol.ts";

const reasons = { stop: "STOP", length: "MAX_TOKENS", filter: "SAFETY" } as const;

interface Content {
  readonly role?: string;
  readonly parts: readonly { readonly text?: string }[];
}

const textOf = (content: Content | undefined): string =>
  (content?.parts ?? []).map(({ text }) => text ?? "").join("");

export const gemini: Protocol = {
  name: "gemini",
  streamType: "text/event-stream",
  closingFrames: 1,
  key: (headers) => String(headers["x-goog-api-key"] ?? ""),
  probed: ({ path }) => decodeURIComponent(path.split("/models/")[1] ?? ""),
  read({ path, body }) {
    const [model, method] = decodeURIComponent(path.split("/models/")[1] ?? "").split(":");
    if (method === undefined) return null;
    const contents = (body["contents"] ?? []) as Content[];
    const config = (body["generationConfig"] ?? {}) as { maxOutputTokens?: number };
    const single = body["content"] as Content | undefined;
    const requests = body["requests"] as { content: Content }[] | undefined;
    return {
      model: model!,
      system: textOf(body["systemInstruction"] as Content | undefined),
      messages: contents.map((content) => ({
        role: content.role === "model" ? "assistant" : "user",
        text: textOf(content),
      })),
      isStreamed: method === "streamGenerateContent",
      maxTokens: config.maxOutputTokens ?? null,
      inputs: requests?.map((request) => textOf(request.content)) ?? (single ? [textOf(single)] : null),
    };
  },
  whole: (answer) => ({ ...candidates(answer, answer.text, true), ...tail(answer) }),
  frames: (answer) => {
    const [first = "", second = ""] = pieces(answer.text);
    return [
      sse({ ...candidates(answer, first, false), modelVersion: `${answer.model}-2026` }),
      sse({ ...candidates(answer, second, true), ...tail(answer) }),
    ];
  },
  errorFrame: (message) => sse({ error: { code: 503, message, status: "UNAVAILABLE" } }),
  vectors: (vectors) =>
    vectors.length === 1
      ? { embedding: { values: vectors[0] }, embeddings: [{ values: vectors[0] }] }
      : { embeddings: vectors.map((values) => ({ values })) },
  error: (status, message, retryMs) => ({
    error: {
      code: status,
      message,
      status: status === 429 ? "RESOURCE_EXHAUSTED" : "ERROR",
      details:
        retryMs === null
          ? []
          : [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: `${retryMs / 1000}s` }],
    },
  }),
};

function candidates(answer: ScriptedAnswer, text: string, isLast: boolean): object {
  if (answer.isEmpty) return { candidates: [] };
  return {
    candidates: [
      {
        index: 0,
        content: { role: "model", parts: [{ text }] },
        ...(isLast ? { finishReason: reasons[answer.finish] } : {}),
      },
    ],
  };
}

function tail({ usage, model }: ScriptedAnswer): object {
  return {
    modelVersion: `${model}-2026`,
    ...(usage
      ? {
          usageMetadata: {
            promptTokenCount: usage.input + usage.cacheRead + usage.cacheWrite,
            cachedContentTokenCount: usage.cacheRead,
            candidatesTokenCount: usage.output,
            totalTokenCount: usage.input + usage.cacheRead + usage.cacheWrite + usage.output,
          },
        }
      : {}),
  };
}
