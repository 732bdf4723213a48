import {
  InvalidResponseDataError,
  type LanguageModelV4,
  type LanguageModelV4CallOptions,
  type LanguageModelV4FinishReason,
  type LanguageModelV4StreamPart,
  type LanguageModelV4Usage,
} from "@ai-sdk/provider";
import type { ModelConnection } from "../../../contracts/llm-provider.ts";
import { postToOllama, readJson } from "./post.ts";

/** One line of an answer, or the whole of one. */
interface ChatLine {
  readonly model?: string;
  readonly message?: { readonly content?: unknown };
  readonly done?: boolean;
  readonly done_reason?: string;
  readonly prompt_eval_count?: number;
  readonly eval_count?: number;
  readonly error?: string;
}

/**
 * Ollama over its own API: only there the size of the context can be asked for, and the schema of an answer enforced.
 * Strict about what comes back: a line that is no JSON, or an end without `done`, is no answer.
 */
export function createOllamaModel(name: string, connection: ModelConnection): LanguageModelV4 {
  const post = (options: LanguageModelV4CallOptions, stream: boolean): Promise<Response> =>
    postToOllama("/api/chat", connection, toBody(name, options, stream), options.abortSignal);
  return {
    specificationVersion: "v4",
    provider: "ollama",
    modelId: name,
    supportedUrls: {},
    async doGenerate(options) {
      const line = await readJson<ChatLine>(await post(options, false));
      const text = line.message?.content;
      if (line.done !== true || typeof text !== "string")
        throw new InvalidResponseDataError({ data: null, message: "The answer has no message." });
      return {
        content: [{ type: "text", text }],
        finishReason: toFinish(line.done_reason),
        usage: toUsage(line),
        warnings: [],
        response: line.model === undefined ? {} : { modelId: line.model },
      };
    },
    async doStream(options) {
      const { body } = await post(options, true);
      return { stream: ReadableStream.from(readParts(body!)) };
    },
  };
}

async function* readParts(body: ReadableStream<Uint8Array>): AsyncGenerator<LanguageModelV4StreamPart> {
  const id = "0";
  let end: ChatLine | null = null;
  let hasBegun = false;
  yield { type: "stream-start", warnings: [] };
  for await (const line of readLines(body)) {
    if (line.error !== undefined) {
      yield { type: "error", error: { error: line.error } };
      return;
    }
    if (!hasBegun) {
      hasBegun = true;
      yield { type: "response-metadata", ...(line.model === undefined ? {} : { modelId: line.model }) };
      yield { type: "text-start", id };
    }
    const text = line.message?.content;
    if (typeof text === "string" && text !== "") yield { type: "text-delta", id, delta: text };
    if (line.done === true) end = line;
  }
  if (hasBegun) yield { type: "text-end", id };
  yield {
    type: "finish",
    usage: toUsage(end ?? {}),
    finishReason: end === null ? { unified: "interrupted", raw: undefined } : toFinish(end.done_reason),
  };
}

async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<ChatLine> {
  let rest = "";
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    for (const line of lines) if (line.trim() !== "") yield parseLine(line);
  }
  if (rest.trim() !== "") yield parseLine(rest);
}

function parseLine(line: string): ChatLine {
  try {
    return JSON.parse(line) as ChatLine;
  } catch {
    throw new InvalidResponseDataError({ data: null, message: "A line of the answer is not JSON." });
  }
}

function toBody(
  model: string,
  options: LanguageModelV4CallOptions,
  stream: boolean,
): Readonly<Record<string, unknown>> {
  const { responseFormat } = options;
  return {
    model,
    stream,
    messages: options.prompt.map(({ role, content }) => ({
      role,
      content:
        typeof content === "string"
          ? content
          : content.map((part) => (part.type === "text" ? part.text : "")).join(""),
    })),
    // A model that cannot think refuses to be asked to.
    ...(options.reasoning === "none" ? { think: false } : {}),
    ...(responseFormat?.type === "json" ? { format: responseFormat.schema ?? "json" } : {}),
    options: {
      num_predict: options.maxOutputTokens,
      temperature: options.temperature,
      num_ctx: options.providerOptions?.["ollama"]?.["contextTokens"],
    },
  };
}

function toFinish(reason: string | undefined): LanguageModelV4FinishReason {
  // Old servers give none with `done`.
  return { unified: reason === "length" ? "length" : "stop", raw: reason ?? "done" };
}

function toUsage({ prompt_eval_count: input, eval_count: output }: ChatLine): LanguageModelV4Usage {
  return {
    inputTokens: { total: input, noCache: input, cacheRead: undefined, cacheWrite: undefined },
    outputTokens: { total: output, text: undefined, reasoning: undefined },
  };
}
