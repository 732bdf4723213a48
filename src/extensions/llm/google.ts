import { defineProvider } from "../../contracts/llm-provider.ts";

export default defineProvider({
  id: "google",
  title: "Google Gemini",
  keyNames: ["GEMINI_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY"],
  needsKey: true,
  keyHelp: "Keys are made at https://aistudio.google.com/apikey.",
  defaultAddress: "https://generativelanguage.googleapis.com/v1beta",
  async createModel(name, { apiKey, baseUrl, fetch }) {
    const { createGoogle } = await import("@ai-sdk/google");
    return createGoogle({ apiKey, baseURL: baseUrl, fetch })(name);
  },
  async createEmbedding(name, { apiKey, baseUrl, fetch }) {
    const { createGoogle } = await import("@ai-sdk/google");
    return createGoogle({ apiKey, baseURL: baseUrl, fetch }).embeddingModel(name);
  },
  probe: (name, { apiKey, baseUrl, fetch }, signal) =>
    fetch(`${baseUrl}/models/${encodeURIComponent(name)}`, { headers: { "x-goog-api-key": apiKey }, signal }),
});
