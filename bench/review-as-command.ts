import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReviewResult } from "../src/contracts/review.ts";
import { locateReview } from "../src/features/review/locate-review.ts";
import { runReview } from "../src/features/review/run-review.ts";
import { createServices, createThreads } from "../test/support/services.ts";

export interface CommandReviews {
  /** What `repowright review --base <base> --head <head> --no-model` finds. */
  review(repository: string, base: string, head: string): Promise<ReviewResult>;
  close(): Promise<void>;
}

/** Whole reviews of many commits in one process: all rules, linters, index, suppressions and caps, nothing remembered. */
export function openCommandReviews(): CommandReviews {
  const dataDir = mkdtempSync(join(tmpdir(), "repowright-noise-"));
  const threads = createThreads(2);
  const services = createServices(dataDir, threads);
  const { signal } = new AbortController();
  const onProgress = (): void => {};
  return {
    async review(repository, base, head) {
      const target = { kind: "range", source: repository, cwd: "/", base, head } as const;
      const located = await locateReview(target, services, { onProgress, title: null, signal });
      return runReview(
        located,
        {
          baseline: null,
          dismissals: new Map(),
          foreign: [],
          useModel: false,
          model: undefined,
          jobId: null,
          useCache: false,
          onDeterministic: async () => {},
          onProgress,
          signal,
        },
        services,
      );
    },
    async close() {
      await threads.close();
      services.cache.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
