import type { EmbeddingModelV4, LanguageModelV4, SharedV4ProviderOptions } from "@ai-sdk/provider";

/** Where and how a provider is reached. */
export interface ModelConnection {
  /** Empty where none is needed. */
  readonly apiKey: string;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** The only way to the network. Follows no redirect, and bounds what it reads. */
  readonly fetch: typeof fetch;
}

/** What a provider may need to know to ask in its own way. */
export interface ModelCallFacts {
  /** Tokens that prompt and answer need together, at most. */
  readonly neededTokens: number;
  /** Null when unknown. */
  readonly contextWindow: number | null;
  /** JSON schema of the answer. */
  readonly schema: Readonly<Record<string, unknown>> | null;
}

/**
 * Whoever answers prompts: one file each. The model is AI SDK 7's (specification version 4); retries, limits, costs and
 * everything else that all have in common are the gateway's.
 */
export interface ProviderDefinition {
  /** Same as the file name; the part before the slash in `provider/name`. */
  readonly id: string;
  readonly title: string;
  /** Environment variables that hold the key, the first that is set counts; `llm.keys` comes before them. */
  readonly keyNames: readonly string[];
  readonly needsKey: boolean;
  /** Where to get a key, in one line. */
  readonly keyHelp: string;
  /** Environment variables that hold the address; `llm.addresses` comes before them. */
  readonly addressNames?: readonly string[];
  /** What people write as its address, as an address. */
  readAddress?(text: string): string;
  /** Null where it must be configured. */
  readonly defaultAddress: string | null;
  /** The operator's own machine: calls are known to cost nothing. */
  readonly isFree?: true;
  /** Packages are loaded here, not at the top. */
  createModel(name: string, connection: ModelConnection): Promise<LanguageModelV4>;
  createEmbedding?(name: string, connection: ModelConnection): Promise<EmbeddingModelV4>;
  callOptions?(facts: ModelCallFacts): SharedV4ProviderOptions;
  /**
   * A request that costs nothing and tells whether the provider takes the key and has the model. Its answer is thrown
   * away; a status of 400 or more says no.
   */
  probe(name: string, connection: ModelConnection, signal: AbortSignal): Promise<Response>;
  /** Tokens that prompt and answer may have together, where the provider tells. */
  contextWindow?(name: string, connection: ModelConnection, signal: AbortSignal): Promise<number | null>;
  /** What the provider says that a call cost, in US dollars. */
  costOf?(metadata: Readonly<Record<string, unknown>>): number | null;
}

/** Gives a definition its type. */
export function defineProvider(definition: ProviderDefinition): ProviderDefinition {
  return definition;
}
