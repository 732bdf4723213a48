import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCache } from "../../src/adapters/sqlite/cache.ts";
import { AppError } from "../../src/base/errors.ts";
import type { Cache } from "../../src/contracts/cache.ts";
import type { ReviewedChange } from "../../src/contracts/review-rule.ts";
import type { Services } from "../../src/contracts/services.ts";
import type { ModelGateway } from "../../src/contracts/model-gateway.ts";
import type { CallLedger } from "../../src/contracts/model-call.ts";
import { parseDiff } from "../../src/core/diff/parse-diff.ts";
import { openPatch } from "../../src/core/review/open-change.ts";
import {
  type ModelReview,
  type ModelReviewRequest,
  reviewWithModel,
} from "../../src/features/review/model/review-with-model.ts";
import { startScriptedReviewer } from "./scripted-reviewer.ts";
import { createServices, createThreads } from "./services.ts";
import { createTestGateway, type TestGateway } from "./test-gateway.ts";

export interface ModelReviewOptions extends Partial<ModelReviewRequest> {
  readonly settings?: TestGateway["settings"];
  /** Kept over several reviews when given. */
  readonly cache?: Cache;
  readonly server?: Parameters<typeof createTestGateway>[0];
}

const unchanging: Omit<ModelReviewRequest, "change"> = {
  findings: [],
  title: null,
  body: null,
  instructions: "",
  maxFindings: 3,
  openIndex: null,
  model: undefined,
  jobId: null,
  onProgress() {},
  signal: new AbortController().signal,
};

/** Admits everything but what is above the budget of a day. The real one has tests of its own, and a database to wait for. */
const ledger: CallLedger = {
  async begin({ reservedTokens, limits }) {
    if (limits.budgets.dayTokens > 0 && reservedTokens > limits.budgets.dayTokens)
      throw new AppError("model-budget-spent", "The budget of the day is spent.");
    return { kind: "admitted" };
  },
  async finish() {},
  list: async () => ({ items: [], nextCursor: null }),
  cost: async () => [],
  coolDowns: async () => [],
};

// A wait for a busy model would only make tests slow.
const gatewaySettings = { "llm.models": "review=compatible/reviewer", "llm.retries": "0" } as const;

/** The real gateway before a scripted reviewer, whose calls nobody counts. */
export const gatewayBefore = (server: Parameters<typeof createTestGateway>[0]): ModelGateway =>
  createTestGateway(server, ledger, { settings: gatewaySettings });

/** Reviews with a model of a script, through the real gateway, over real HTTP. */
export async function startModelReviews() {
  const folder = mkdtempSync(join(tmpdir(), "repowright-model-review-"));
  const reviewer = await startScriptedReviewer();
  const scanner = createThreads(1);
  const services = createServices(join(folder, "data"), scanner);
  const caches: Cache[] = [services.cache];
  const newCache = (): Cache => {
    const path = join(folder, `cache-${caches.length}.sqlite`);
    const cache = createCache({ path, maxBytes: 2 ** 24, now: Date.now });
    caches.push(cache);
    return cache;
  };
  return {
    reviewer,
    newCache,
    /** Where no model can be asked. */
    reviewElsewhere: (error: Error, change: ReviewedChange): Promise<ModelReview> =>
      reviewWithModel(
        { ...unchanging, change },
        {
          ...services,
          models: async () => {
            throw error;
          },
        },
      ),
    /** As Git would write it: hunks with three lines around them. */
    hunks(path: string, before: string, after: string): ReviewedChange {
      const left = join(folder, "before");
      const right = join(folder, "after");
      writeFileSync(left, before);
      writeFileSync(right, after);
      const { stdout } = spawnSync("git", ["diff", "--no-index", left, right], { encoding: "utf8" });
      const hunks = stdout.slice(stdout.indexOf("@@"));
      return openPatch(parseDiff(`--- a/${path}\n+++ b/${path}\n${hunks}`)).change;
    },
    async review(
      change: ReviewedChange,
      { settings = {}, cache = newCache(), server = reviewer, ...request }: ModelReviewOptions = {},
    ): Promise<ModelReview> {
      const own = { ...gatewaySettings, ...settings };
      const models = createTestGateway(server, ledger, { settings: own });
      const config = createServices(join(folder, "config"), scanner, {
        "llm.cache_age": own["llm.cache_age"] ?? "1h",
      });
      caches.push(config.cache);
      const used: Services = { ...services, config: config.config, cache, models: async () => models };
      return reviewWithModel({ ...unchanging, change, ...request }, used);
    },
    async close(): Promise<void> {
      for (const cache of caches) cache.close();
      await Promise.all([reviewer.close(), scanner.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
