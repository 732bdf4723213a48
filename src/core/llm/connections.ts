import { AppError } from "../../base/errors.ts";
import type { ModelConnection, ProviderDefinition } from "../../contracts/llm-provider.ts";
import type { ModelName } from "../../contracts/model-gateway.ts";

export interface ConnectionSettings {
  readonly keys: Readonly<Record<string, string>>;
  readonly addresses: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof fetch;
}

export interface Candidate {
  readonly model: ModelName;
  readonly provider: ProviderDefinition;
  readonly connection: ModelConnection;
}

/**
 * How to reach a model with what is configured.
 * @throws AppError `model-unknown` for a provider that there is not, `model-unconfigured` where key or address is missing
 */
export function connectModel(
  model: ModelName,
  providers: readonly ProviderDefinition[],
  settings: ConnectionSettings,
): Candidate {
  const provider = providers.find(({ id }) => id === model.provider);
  if (!provider)
    throw new AppError(
      "model-unknown",
      `There is no provider ${JSON.stringify(model.provider)}; there is ${providers.map(({ id }) => id).join(", ")}.`,
    );
  const apiKey = keyOf(provider, settings);
  if (provider.needsKey && apiKey === "")
    throw new AppError(
      "model-unconfigured",
      `${provider.title} needs a key: set ${provider.keyNames.join(" or ")}, or llm.keys. ${provider.keyHelp}`,
      { reason: "key-missing" },
    );
  return {
    model,
    provider,
    connection: { apiKey, baseUrl: addressOf(provider, settings), fetch: settings.fetch },
  };
}

export function keyOf(provider: ProviderDefinition, { keys, environment }: ConnectionSettings): string {
  const key = keys[provider.id] ?? firstOf(provider.keyNames, environment) ?? "";
  return key.trim();
}

function addressOf(provider: ProviderDefinition, { addresses, environment }: ConnectionSettings): string {
  const given = addresses[provider.id] ?? firstOf(provider.addressNames ?? [], environment);
  const address = given === undefined ? provider.defaultAddress : (provider.readAddress?.(given) ?? given);
  if (address === null)
    throw new AppError(
      "model-unconfigured",
      `${provider.title} has no address: set llm.addresses, e.g. ${provider.id}=http://localhost:8000/v1.`,
      { reason: "invalid" },
    );
  if (!/^https?:\/\//.test(address) || !URL.canParse(address))
    throw new AppError(
      "model-unconfigured",
      `The address of ${provider.title} (llm.addresses) must begin with http:// or https://.`,
      { reason: "invalid" },
    );
  return address.replace(/\/+$/, "");
}

function firstOf(
  names: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  return names.map((name) => environment[name]).find((value) => value !== undefined && value !== "");
}
