import { createHash } from "node:crypto";
import type { z } from "zod";
import type { Cache } from "../../../contracts/cache.ts";

const space = "review-model/1";

/** What models answered, under everything that decided it: a push pays only for what it changed. */
export interface ModelMemory {
  keyOf(parts: readonly unknown[]): string;
  recall<T>(key: string, schema: z.ZodType<T>): T | null;
  keep(key: string, value: unknown): void;
}

/** `context` decides every answer: models, their addresses. Null as `cache`: nothing is remembered. */
export function createModelMemory(cache: Cache | null, context: readonly unknown[]): ModelMemory {
  return {
    keyOf: (parts) =>
      createHash("sha256")
        .update(JSON.stringify([context, parts]))
        .digest("base64url"),
    recall(key, schema) {
      const bytes = cache?.get(space, key) ?? null;
      if (bytes === null) return null;
      const parsed = schema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
      return parsed.success ? parsed.data : null;
    },
    keep(key, value) {
      cache?.putMany(space, [[key, new TextEncoder().encode(JSON.stringify(value))]]);
    },
  };
}
