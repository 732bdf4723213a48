import { secretTexts } from "../config/secrets.ts";
import type { ModelGateway } from "../contracts/model-gateway.ts";
import type { Stores } from "../contracts/stores.ts";
import type { LocalServices } from "./services.ts";

const backoffMs = 500;

/** The gateway, put together with its first use: who asks no model loads nothing of it. */
export function composeModels(
  services: LocalServices,
  environment: Readonly<Record<string, string | undefined>>,
  stores: () => Promise<Stores>,
): () => Promise<ModelGateway> {
  let gateway: Promise<ModelGateway> | null = null;
  const compose = async (): Promise<ModelGateway> => {
    const [{ createModelFetch }, { createModelGateway }, { providers }, { v7 }] = await Promise.all([
      import("../adapters/models/model-fetch.ts"),
      import("../core/llm/gateway.ts"),
      import("../extensions/llm/registry.generated.ts"),
      import("uuid"),
    ]);
    const { config, cache, log, tracing } = services;
    return createModelGateway({
      config: config.values,
      environment,
      providers,
      ledger: async () => (await stores()).calls,
      cache,
      fetch: createModelFetch(),
      secrets: secretTexts(config.values),
      log,
      tracing,
      now: Date.now,
      random: Math.random,
      backoffMs,
      createId: v7,
    });
  };
  return () => (gateway ??= compose());
}
