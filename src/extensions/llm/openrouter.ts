import { defineProvider } from "../../contracts/llm-provider.ts";

export default defineProvider({
  id: "openrouter",
  title: "OpenRouter",
  keyNames: ["OPENROUTER_API_KEY"],
  needsKey: true,
  keyHelp: "Keys are made at https://openrouter.ai/settings/keys.",
  defaultAddress: "https://openrouter.ai/api/v1",
  async createModel(name, { apiKey, baseUrl, fetch }) {
    const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
    const provider = createOpenAICompatible({
      name: "openrouter",
      apiKey,
      baseURL: baseUrl,
      fetch,
      includeUsage: true,
      supportsStructuredOutputs: true,
      // It tells what a call really cost, whoever it passed it on to.
      transformRequestBody: (body) => ({ ...body, usage: { include: true } }),
      metadataExtractor: {
        extractMetadata: async ({ parsedBody }) => readCost(parsedBody),
        createStreamExtractor() {
          let last: ReturnType<typeof readCost>;
          return {
            processChunk: (chunk) => void (last = readCost(chunk) ?? last),
            buildMetadata: () => last,
          };
        },
      },
    });
    return provider.chatModel(name);
  },
  probe: async (name, { apiKey, baseUrl, fetch }, signal) => {
    const key = await fetch(`${baseUrl}/key`, { headers: { authorization: `Bearer ${apiKey}` }, signal });
    if (!key.ok) return key;
    await key.body?.cancel();
    return fetch(`${baseUrl}/models/${name.split("/").map(encodeURIComponent).join("/")}/endpoints`, {
      signal,
    });
  },
  costOf(metadata) {
    const cost = (metadata["openrouter"] as { readonly costUsd?: unknown } | undefined)?.costUsd;
    return typeof cost === "number" && Number.isFinite(cost) && cost >= 0 ? cost : null;
  },
});

function readCost(body: unknown): { readonly openrouter: { readonly costUsd: number } } | undefined {
  const cost = (body as { readonly usage?: { readonly cost?: unknown } | null } | null)?.usage?.cost;
  return typeof cost === "number" ? { openrouter: { costUsd: cost } } : undefined;
}
