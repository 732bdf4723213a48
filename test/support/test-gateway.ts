import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { v7 } from "uuid";
import { createModelFetch } from "../../src/adapters/models/model-fetch.ts";
import { createTracing } from "../../src/adapters/opentelemetry/tracing.ts";
import { createCache } from "../../src/adapters/sqlite/cache.ts";
import { loadConfig } from "../../src/config/load.ts";
import { secretTexts } from "../../src/config/secrets.ts";
import type { SettingKey } from "../../src/config/schema.ts";
import type { Log } from "../../src/contracts/log.ts";
import type { CallLedger } from "../../src/contracts/model-call.ts";
import type { ModelGateway } from "../../src/contracts/model-gateway.ts";
import { createModelGateway } from "../../src/core/llm/gateway.ts";
import { providers } from "../../src/extensions/llm/registry.generated.ts";
import type { ModelServer } from "./model-server.ts";
import { silentLog } from "./silent-log.ts";

const folder = mkdtempSync(join(tmpdir(), "repowright-gateway-"));
const tracing = await createTracing({ endpoint: "", service: "test", version: "0" });
/** Settings with times that a test can wait for. */
export const quickSettings = {
  "llm.timeout": "2500ms",
  "llm.first_token_timeout": "1200ms",
  "llm.idle_timeout": "800ms",
  "llm.patience": "300ms",
  "llm.retries": "1",
  "llm.concurrency": "default=1000",
} as const;

export interface TestGateway {
  readonly settings?: Partial<Record<SettingKey, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly log?: Log;
  readonly now?: () => number;
  /** Answers kept under one name are shared. */
  readonly cache?: string;
}

/** The gateway that the program builds, over the scripted server, with waits that are short. */
export function createTestGateway(
  server: Pick<ModelServer, "addresses" | "keys">,
  ledger: CallLedger,
  given: TestGateway = {},
): ModelGateway {
  const config = loadConfig({
    environment: { HOME: folder, REPOWRIGHT_LLM_KEYS: server.keys },
    flags: { data_dir: folder, "llm.addresses": server.addresses, ...quickSettings, ...given.settings },
    cwd: folder,
  }).values;
  return createModelGateway({
    config,
    environment: given.environment ?? {},
    providers,
    ledger: async () => ledger,
    cache: createCache({
      path: join(folder, `${given.cache ?? v7()}.sqlite`),
      maxBytes: 2 ** 24,
      now: Date.now,
    }),
    fetch: createModelFetch(),
    secrets: secretTexts(config),
    log: given.log ?? silentLog,
    tracing,
    now: given.now ?? Date.now,
    random: Math.random,
    backoffMs: 10,
    createId: v7,
  });
}
