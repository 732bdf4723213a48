import type { Config } from "../../config/schema.ts";
import type { Cache } from "../../contracts/cache.ts";
import type { ProviderDefinition } from "../../contracts/llm-provider.ts";
import type { Log } from "../../contracts/log.ts";
import type { CallLedger } from "../../contracts/model-call.ts";
import type { Tracing } from "../../contracts/tracing.ts";

/** What the gateway stands on. */
export interface GatewayPorts {
  readonly config: Config;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly providers: readonly ProviderDefinition[];
  /** Opened with the first call. */
  readonly ledger: () => Promise<CallLedger>;
  readonly cache: Cache;
  /** The only way to providers. */
  readonly fetch: typeof fetch;
  /** Texts that never leave: secrets of the settings. */
  readonly secrets: readonly string[];
  readonly log: Log;
  readonly tracing: Tracing;
  readonly now: () => number;
  readonly random: () => number;
  /** Before the first retry; doubles with each. */
  readonly backoffMs: number;
  /** Time-ordered and unique. */
  readonly createId: () => string;
}
