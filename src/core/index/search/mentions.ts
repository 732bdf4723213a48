import type { Query } from "./query.ts";
import type { SearchIndex } from "./search-index.ts";

/** Shorter names are words. */
const minNameLength = 4;

/** 1 where the query names the file (`parser.ts`, `src/parser.ts`), a half where it names it without its ending. */
export function scoreMentions(index: SearchIndex, query: Query): Float32Array {
  const scores = new Float32Array(index.files.length);
  const words = query.text.toLowerCase().match(/[\p{L}\p{M}\p{N}_.$@/\\-]+/gu) ?? [];
  const whole = new Set<string>();
  const stems = new Set<string>();
  for (const word of words) {
    const name = word.replaceAll("\\", "/").replace(/[.,:]+$/, "");
    whole.add(name);
    whole.add(name.slice(name.lastIndexOf("/") + 1));
    for (const part of name.split("/")) stems.add(part);
  }
  for (const [at, { base, stem }] of index.names.entries())
    if (stem !== base && whole.has(base)) scores[at] = 1;
    else if (stem.length >= minNameLength && stems.has(stem)) scores[at] = 0.5;
  return scores;
}
