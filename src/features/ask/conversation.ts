import { z } from "zod";
import type { Cache } from "../../contracts/cache.ts";
import type { Repository } from "../../contracts/repository.ts";
import { type Turn, turnSchema } from "./ask-result.ts";

const space = "conversation/1";
const maxTurns = 20;

/** The turns so far of the last conversation about a repository on this machine. */
export function lastConversation(cache: Cache, repository: Repository): readonly Turn[] {
  const bytes = cache.get(space, repository.gitDir);
  if (bytes === null) return [];
  try {
    return z.array(turnSchema).parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  } catch {
    // Of another version, or damaged: a new conversation begins.
    return [];
  }
}

export function keepConversation(cache: Cache, repository: Repository, turns: readonly Turn[]): void {
  cache.putMany(space, [[repository.gitDir, Buffer.from(JSON.stringify(turns.slice(-maxTurns)))]]);
}
