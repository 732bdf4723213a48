import { defineProvider } from "../../contracts/llm-provider.ts";

const usualPort = 11_434;
/** Ollama's own default is far smaller, and it cuts off the beginning of a longer prompt without a word. */
const leastContext = 8_192;
/** What a machine at home still has the memory for; `llm.context_window` allows more. */
const usualContext = 32_768;

export default defineProvider({
  id: "ollama",
  title: "Ollama",
  keyNames: ["OLLAMA_API_KEY"],
  needsKey: false,
  keyHelp: "A local Ollama needs none.",
  addressNames: ["OLLAMA_HOST"],
  defaultAddress: `http://127.0.0.1:${usualPort}`,
  isFree: true,
  /** `OLLAMA_HOST` may be a port, a host, or 0.0.0.0, which is where the server listens and not where it is. */
  readAddress(text) {
    if (/^https?:\/\//.test(text)) return text.replace("//0.0.0.0", "//127.0.0.1");
    const [host, port] = text.split(":");
    return `http://${host === "" || host === "0.0.0.0" ? "127.0.0.1" : host}:${port || usualPort}`;
  },
  async createModel(name, connection) {
    const { createOllamaModel } = await import("./ollama/language-model.ts");
    return createOllamaModel(name, connection);
  },
  async createEmbedding(name, connection) {
    const { createOllamaEmbedding } = await import("./ollama/embedding-model.ts");
    return createOllamaEmbedding(name, connection);
  },
  /** In steps of powers of two: with each other size the model is loaded anew. */
  callOptions({ neededTokens, contextWindow }) {
    const wanted = Math.max(leastContext, 2 ** Math.ceil(Math.log2(Math.max(1, neededTokens))));
    return { ollama: { contextTokens: contextWindow === null ? wanted : Math.min(wanted, contextWindow) } };
  },
  probe: (name, connection, signal) => show(name, connection, signal),
  async contextWindow(name, connection, signal) {
    const response = await show(name, connection, signal);
    if (!response.ok) return null;
    const { model_info: info = {} } = (await response.json()) as {
      readonly model_info?: Readonly<Record<string, unknown>>;
    };
    const length = Object.entries(info).find(([key]) => key.endsWith(".context_length"))?.[1];
    return typeof length === "number" && length > 0 ? Math.min(length, usualContext) : null;
  },
});

function show(
  name: string,
  {
    baseUrl,
    apiKey,
    fetch: send,
  }: { readonly baseUrl: string; readonly apiKey: string; readonly fetch: typeof fetch },
  signal: AbortSignal,
): Promise<Response> {
  return send(`${baseUrl}/api/show`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` }),
    },
    body: JSON.stringify({ model: name }),
    signal,
  });
}
