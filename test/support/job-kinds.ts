import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { AppError } from "../../src/base/errors.ts";
import {
  defineJob,
  type JobContext,
  type JobDefinition,
  type JobDefinitions,
} from "../../src/contracts/job.ts";

/** A kind of job for a test, with everything that matters little filled in. */
export function testKind(
  kind: string,
  run: (context: JobContext, options: { readonly [name: string]: unknown }) => Promise<unknown>,
  changes: Partial<JobDefinition> = {},
): JobDefinition {
  return {
    ...defineJob({
      kind,
      summary: `Test kind ${kind}`,
      needsSource: false,
      options: z.record(z.string(), z.unknown()).default({}),
      attempts: 3,
      backoff: { firstMs: 20, mostMs: 100 },
      timeoutMs: 20_000,
      concurrency: 4,
      priority: 0,
      dedupeKey: () => null,
      run,
    }),
    ...changes,
  };
}

export function kindsOf(...definitions: readonly JobDefinition[]): JobDefinitions {
  return new Map(definitions.map((definition) => [definition.kind, definition]));
}

/** Waits until cancelled, timed out or shut down. */
export async function untilAborted(signal: AbortSignal): Promise<never> {
  await sleep(60_000, undefined, { signal }).catch(() => {});
  signal.throwIfAborted();
  throw new AppError("internal", "Nobody stopped this job.");
}
