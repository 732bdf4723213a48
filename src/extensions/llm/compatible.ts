import { defineProvider } from "../../contracts/llm-provider.ts";

/** Whatever speaks OpenAI's chat completions: vLLM, llama.cpp, LM Studio, a gateway of one's own. */
export default defineProvider({
  id: "compatible",
  title: "OpenAI-compatible server",
  keyNames: ["OPENAI_COMPATIBLE_API_KEY"],
  needsKey: false,
  keyHelp: "The key, if any, is whatever that server asks for.",
  defaultAddress: null,
  async createModel(name, { apiKey, baseUrl, fetch }) {
    const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
    const provider = createOpenAICompatible({
      name: "compatible",
      baseURL: baseUrl,
      fetch,
      includeUsage: true,
      supportsStructuredOutputs: true,
      ...(apiKey === "" ? {} : { apiKey }),
    });
    return provider.chatModel(name);
  },
  async createEmbedding(name, { apiKey, baseUrl, fetch }) {
    const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
    return createOpenAICompatible({
      name: "compatible",
      baseURL: baseUrl,
      fetch,
      ...(apiKey === "" ? {} : { apiKey }),
    }).embeddingModel(name);
  },
  async probe(name, { apiKey, baseUrl, fetch }, signal) {
    const response = await fetch(`${baseUrl}/models`, {
      headers: apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` },
      signal,
    });
    if (!response.ok) return response;
    const list = (await response.json()) as { readonly data?: readonly { readonly id?: unknown }[] };
    if (!Array.isArray(list.data) || list.data.some((model) => model?.id === name))
      return Response.json({ ok: true });
    return Response.json({ error: { message: `The server has no model ${name}.` } }, { status: 404 });
  },
});
