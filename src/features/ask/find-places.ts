import type { Services } from "../../contracts/services.ts";
import type { SearchHit } from "../../contracts/search.ts";
import type { OpenedIndex } from "../../core/index/search/open-index.ts";
import { parseQuery } from "../../core/index/search/query.ts";
import { searchUnits } from "../../core/index/search/search.ts";
import { splitWord } from "../../core/index/records/words.ts";
import type { AskPlace } from "./ask-result.ts";
import { readLastChanges } from "./last-changes.ts";

const shownPlaces = 6;
/** Pieces of one file among the best. */
const perFile = 2;

/** The best places for a question, each with why it is one and who changed its file last. */
export async function findPlaces(
  opened: OpenedIndex,
  text: string,
  services: Services,
  signal: AbortSignal,
  onNote: (note: string) => void,
): Promise<readonly AskPlace[]> {
  const { hits, notes } = await searchUnits(
    opened,
    { query: text, limit: shownPlaces * 4, signal },
    services.git,
  );
  for (const note of notes) onNote(note);
  const counts = new Map<string, number>();
  const chosen = hits
    .filter((hit) => {
      const count = counts.get(hit.path) ?? 0;
      counts.set(hit.path, count + 1);
      return count < perFile;
    })
    .slice(0, shownPlaces);
  const changes = await readLastChanges(
    opened,
    [...new Set(chosen.map((hit) => hit.path))],
    services,
    signal,
  );
  const meant = new Set(parseQuery(text).terms.map((term) => term.text));
  const wanted = new Map<string, string>();
  for (const word of text.match(/[\p{L}\p{N}_]+/gu) ?? [])
    for (const term of splitWord(word)) if (meant.has(term)) wanted.set(term, word);
  return chosen.map((hit) => ({
    ...hit,
    reason: explain(hit, wanted),
    lastChange: changes.get(hit.path) ?? null,
  }));
}

/** What speaks for a place, for people. */
function explain(hit: SearchHit, wanted: ReadonlyMap<string, string>): string {
  const reasons: string[] = [];
  if (hit.signals["exact"] !== undefined) reasons.push("it is what was quoted or named");
  const matched = new Set<string>();
  for (const word of hit.text.match(/[\p{L}\p{N}_]+/gu) ?? [])
    for (const term of splitWord(word)) {
      const asked = wanted.get(term);
      if (asked !== undefined && asked.length > 2) matched.add(asked);
    }
  if (matched.size > 0) reasons.push(`it says ${[...matched].slice(0, 6).join(", ")}`);
  if ((hit.signals["name"] ?? 0) >= 0.5) reasons.push("its name fits");
  if ((hit.signals["dense"] ?? 0) >= 0.7) reasons.push("its vector is near to the question's");
  if ((hit.signals["file"] ?? 0) >= 0.8) reasons.push("its file and what commits said about it fit best");
  return reasons.length === 0 ? "its file fits" : reasons.join("; ");
}
