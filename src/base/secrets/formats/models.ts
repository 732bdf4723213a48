import { alnum, hex, named, prefixed, urlSafe, uuid, type TokenFormat } from "../token-format.ts";

/** A name written with hyphens is no key: one has a digit and both cases. */
const isMixed = (_: string, secret: string): boolean =>
  /\d/.test(secret) && /[a-z]/.test(secret) && /[A-Z]/.test(secret);

export const models: readonly TokenFormat[] = [
  prefixed("openai-key", "OpenAI API key", "sk-proj- sk-svcacct- sk-admin- sk-None-", urlSafe(40, 200), {
    judge: isMixed,
  }),
  prefixed("openai-old-key", "OpenAI API key", "sk-", alnum(48), { judge: isMixed }),
  prefixed("deepseek-key", "DeepSeek API key", "sk-", hex(32)),
  prefixed(
    "anthropic-key",
    "Anthropic API key",
    "sk-ant-api03- sk-ant-admin01- sk-ant-oat01- sk-ant-ort01- sk-ant-sid01-",
    urlSafe(80, 120),
  ),
  prefixed("openrouter-key", "OpenRouter API key", "sk-or-v1-", hex(64)),
  prefixed("hugging-face-token", "Hugging Face token", "hf_ api_org_", alnum(34), {
    judge: (_, secret) => /[a-z]/.test(secret) && /[A-Z]/.test(secret),
  }),
  prefixed("replicate-token", "Replicate API token", "r8_", alnum(37)),
  named("cohere-key", "Cohere API key", "cohere co_api", alnum(40)),
  prefixed("groq-key", "Groq API key", "gsk_", alnum(52)),
  prefixed("perplexity-key", "Perplexity API key", "pplx-", alnum(48)),
  named("mistral-key", "Mistral API key", "mistral", alnum(32)),
  prefixed("xai-key", "xAI API key", "xai-", alnum(70, 90)),
  named("together-key", "Together AI API key", "together", hex(64)),
  prefixed("together-new-key", "Together AI API key", "tgp_v1_", urlSafe(43)),
  prefixed("fireworks-key", "Fireworks AI API key", "fw_", alnum(22, 24), { judge: isMixed }),
  prefixed("cerebras-key", "Cerebras API key", "csk-", "[a-z0-9]{48}"),
  prefixed("nvidia-key", "NVIDIA API key", "nvapi-", urlSafe(60, 70)),
  prefixed("langsmith-key", "LangSmith API key", "lsv2_pt_ lsv2_sk_", `${hex(32)}_${hex(10)}`),
  prefixed("langfuse-key", "Langfuse secret key", "sk-lf-", uuid),
  prefixed("helicone-key", "Helicone API key", "sk-helicone-", "[a-z0-9-]{28,60}"),
  prefixed("elevenlabs-key", "ElevenLabs API key", "sk_", hex(48)),
  named("assemblyai-key", "AssemblyAI API key", "assemblyai assembly_ai", hex(32)),
  named("deepgram-key", "Deepgram API key", "deepgram", hex(40)),
  prefixed("voyage-key", "Voyage AI API key", "pa-", urlSafe(43), { judge: isMixed }),
  prefixed("jina-key", "Jina AI API key", "jina_", `${hex(32)}${urlSafe(28)}`),
  prefixed("tavily-key", "Tavily API key", "tvly-", `(?:dev-|prod-)?${alnum(32)}`),
  prefixed("firecrawl-key", "Firecrawl API key", "fc-", hex(32)),
  named("exa-key", "Exa API key", "exa_", uuid),
  prefixed("brave-search-key", "Brave Search API key", "BSA", urlSafe(28), { judge: isMixed }),
  prefixed("e2b-key", "E2B API key", "e2b_", hex(40)),
  prefixed("cursor-key", "Cursor API key", "key_", hex(64)),
  prefixed("runpod-key", "RunPod API key", "rpa_", "[A-Z0-9]{40,42}[a-z0-9]{0,6}"),
  prefixed("modal-token", "Modal token secret", "as-", alnum(22), { judge: isMixed }),
  prefixed("llamacloud-key", "LlamaCloud API key", "llx-", alnum(48)),
  named("wandb-key", "Weights & Biases API key", "wandb weights_and_biases", hex(40)),
  named("stability-key", "Stability AI API key", "stability", `sk-${alnum(48)}`),
  named("ai21-key", "AI21 API key", "ai21", alnum(32)),
  named("clarifai-key", "Clarifai token", "clarifai", hex(32)),
];
