import { type EmbeddingModelV4, InvalidResponseDataError } from "@ai-sdk/provider";
import type { ModelConnection } from "../../../contracts/llm-provider.ts";
import { postToOllama, readJson } from "./post.ts";

export function createOllamaEmbedding(name: string, connection: ModelConnection): EmbeddingModelV4 {
  return {
    specificationVersion: "v4",
    provider: "ollama",
    modelId: name,
    maxEmbeddingsPerCall: undefined,
    supportsParallelCalls: false,
    async doEmbed({ values, abortSignal }) {
      // Refused rather than cut off without a word.
      const body = { model: name, input: values, truncate: false };
      const answer = await readJson<{
        readonly embeddings?: number[][];
        readonly prompt_eval_count?: number;
      }>(await postToOllama("/api/embed", connection, body, abortSignal));
      if (!Array.isArray(answer.embeddings))
        throw new InvalidResponseDataError({ data: null, message: "The answer has no embeddings." });
      return {
        embeddings: answer.embeddings,
        warnings: [],
        ...(answer.prompt_eval_count === undefined ? {} : { usage: { tokens: answer.prompt_eval_count } }),
      };
    },
  };
}
