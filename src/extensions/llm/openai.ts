import { defineProvider } from "../../contracts/llm-provider.ts";

export default defineProvider({
  id: "openai",
  title: "OpenAI",
  keyNames: ["OPENAI_API_KEY"],
  needsKey: true,
  keyHelp: "Keys are made at https://platform.openai.com/api-keys.",
  defaultAddress: "https://api.openai.com/v1",
  async createModel(name, { apiKey, baseUrl, fetch }) {
    const { createOpenAI } = await import("@ai-sdk/openai");
    return createOpenAI({ apiKey, baseURL: baseUrl, fetch }).responses(name);
  },
  async createEmbedding(name, { apiKey, baseUrl, fetch }) {
    const { createOpenAI } = await import("@ai-sdk/openai");
    return createOpenAI({ apiKey, baseURL: baseUrl, fetch }).embeddingModel(name);
  },
  // Prompts hold other people's code: nothing is to be kept over there. In strict mode schemas may have no optional
  // fields; answers are checked here anyway.
  callOptions: () => ({ openai: { store: false, strictJsonSchema: false } }),
  probe: (name, { apiKey, baseUrl, fetch }, signal) =>
    fetch(`${baseUrl}/models/${encodeURIComponent(name)}`, {
      headers: { authorization: `Bearer ${apiKey}` },
      signal,
    }),
});
