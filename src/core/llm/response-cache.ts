import { createHash } from "node:crypto";
import type { Cache } from "../../contracts/cache.ts";

/** Counts up when the same key would mean something else. */
const space = "llm-answer-1";

export interface KeptAnswer {
  readonly text: string;
  readonly answeredBy: string | null;
  readonly keptAt: number;
}

/** Answers by everything that decides them. */
export interface ResponseCache {
  find(key: string): KeptAnswer | null;
  keep(key: string, answer: Omit<KeptAnswer, "keptAt">): void;
}

export function createResponseCache(cache: Cache, maxAgeMs: number, now: () => number): ResponseCache {
  return {
    find(key) {
      if (maxAgeMs === 0) return null;
      const bytes = cache.get(space, key);
      if (bytes === null) return null;
      const answer = JSON.parse(new TextDecoder().decode(bytes)) as KeptAnswer;
      return now() - answer.keptAt <= maxAgeMs ? answer : null;
    },
    keep(key, answer) {
      if (maxAgeMs === 0) return;
      const kept: KeptAnswer = { ...answer, keptAt: now() };
      cache.putMany(space, [[key, new TextEncoder().encode(JSON.stringify(kept))]]);
    },
  };
}

export function answerKey(parts: unknown): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
