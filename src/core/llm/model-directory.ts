import { AppError, isAppError } from "../../base/errors.ts";
import type { ModelAvailability, ModelTask } from "../../contracts/model-gateway.ts";
import { type Candidate, connectModel, keyOf } from "./connections.ts";
import type { GatewayPorts } from "./gateway-ports.ts";
import { chainOf, showModel } from "./model-names.ts";
import { loadPrices, type PriceList } from "./prices.ts";

type UnavailableReason = Extract<ModelAvailability, { isAvailable: false }>["reason"];

const windowTimeoutMs = 5_000;

/** Which models there are for what, how they are reached, what they cost and how much they can read. */
export interface ModelDirectory {
  availability(task: ModelTask, modelOverride?: string): ModelAvailability;
  /** @throws AppError `model-unconfigured`, `model-unknown` */
  chain(task: ModelTask, modelOverride?: string): readonly Candidate[];
  windowOf(candidate: Candidate): Promise<number | null>;
  prices(): Promise<PriceList>;
  /** Texts that must not leave: the secrets of the settings and every provider's key. */
  readonly secrets: readonly string[];
}

export function createModelDirectory(ports: GatewayPorts): ModelDirectory {
  const { config, providers, environment, log } = ports;
  const settings = {
    keys: config["llm.keys"],
    addresses: config["llm.addresses"],
    environment,
    fetch: ports.fetch,
  };
  const windows = new Map<string, Promise<number | null>>();
  let prices: Promise<PriceList> | null = null;
  let hasTold = false;
  const loadOnce = (): Promise<PriceList> => (prices ??= loadPrices());

  function chain(task: ModelTask, modelOverride?: string): readonly Candidate[] {
    if (!config["llm.enabled"])
      throw new AppError("model-unconfigured", "Models are switched off (llm.enabled).", {
        reason: "disabled",
      });
    const models = chainOf(config["llm.models"], task, modelOverride);
    if (models.length === 0)
      throw new AppError(
        "model-unconfigured",
        `No model is configured for ${task}: llm.models names none. What needs no model still works.`,
        { reason: "unconfigured" },
      );
    return models.map((model) => connectModel(model, providers, settings));
  }

  async function lookUpWindow(candidate: Candidate): Promise<number | null> {
    const set = config["llm.context_window"][showModel(candidate.model)];
    if (set !== undefined) return set;
    const told = await candidate.provider.contextWindow?.(
      candidate.model.name,
      candidate.connection,
      AbortSignal.timeout(windowTimeoutMs),
    );
    return told ?? (await loadOnce()).contextWindow(candidate.model);
  }

  return {
    availability(task, modelOverride) {
      try {
        const models = chain(task, modelOverride).map(({ model }) => showModel(model));
        return { isAvailable: true, models };
      } catch (error) {
        if (!isAppError(error, "model-unconfigured", "model-unknown")) throw error;
        const reason = (error.details["reason"] ?? "invalid") as UnavailableReason;
        // Once for a process: whoever goes without models has decided so.
        if (!hasTold) log.info("no model is asked", { reason, message: error.message });
        hasTold = true;
        return { isAvailable: false, reason, message: error.message };
      }
    },
    chain,
    windowOf(candidate) {
      const name = showModel(candidate.model);
      const known = windows.get(name);
      if (known) return known;
      // What was not told for now may be told the next time.
      const looking = lookUpWindow(candidate).catch((error: unknown) => {
        windows.delete(name);
        if (isAppError(error)) throw error;
        return null;
      });
      windows.set(name, looking);
      return looking;
    },
    prices: loadOnce,
    secrets: [
      ...ports.secrets,
      ...providers.map((provider) => keyOf(provider, settings)).filter((key) => key !== ""),
    ],
  };
}
