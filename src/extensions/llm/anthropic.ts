import { defineProvider } from "../../contracts/llm-provider.ts";

const apiVersion = "2023-06-01";

export default defineProvider({
  id: "anthropic",
  title: "Anthropic",
  keyNames: ["ANTHROPIC_API_KEY"],
  needsKey: true,
  keyHelp: "Keys are made at https://console.anthropic.com/settings/keys.",
  defaultAddress: "https://api.anthropic.com/v1",
  async createModel(name, { apiKey, baseUrl, fetch }) {
    const { createAnthropic } = await import("@ai-sdk/anthropic");
    return createAnthropic({ apiKey, baseURL: baseUrl, fetch })(name);
  },
  probe: (name, { apiKey, baseUrl, fetch }, signal) =>
    fetch(`${baseUrl}/models/${encodeURIComponent(name)}`, {
      headers: { "x-api-key": apiKey, "anthropic-version": apiVersion },
      signal,
    }),
});
