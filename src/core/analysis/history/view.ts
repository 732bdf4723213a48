import type { CommitFacts } from "../../repository/history/commit-facts.ts";
import type { Identity } from "../../repository/history/mailmap.ts";
import { joinPersons } from "./persons.ts";

/** The commits an analysis is about, with people resolved: what every statistic of history is computed from. */
export interface HistoryView {
  readonly facts: CommitFacts;
  /** Rows of `facts` that count, newest first. */
  readonly rows: readonly number[];
  /** Canonical author per index of `facts.identities`. */
  readonly authorOf: Uint32Array;
  /** Canonical authors. */
  readonly people: readonly Identity[];
  /** Index into `people` of the one that stands for the same person, per author. */
  readonly personOf: Uint32Array;
}

export function createHistoryView(
  facts: CommitFacts,
  mapped: readonly Identity[],
  rows: readonly number[],
): HistoryView {
  const people: Identity[] = [];
  const ids = new Map<string, number>();
  const authorOf = Uint32Array.from(mapped, (identity) => {
    const key = `${identity.name}\0${identity.email}`;
    let id = ids.get(key);
    if (id === undefined) {
      id = people.length;
      ids.set(key, id);
      people.push(identity);
    }
    return id;
  });
  return { facts, rows, authorOf, people, personOf: joinPersons(people) };
}

export function toInstant(seconds: number): string {
  const limit = 8.64e12;
  return new Date(Math.max(-limit, Math.min(limit, seconds)) * 1000).toISOString().replace(".000Z", "Z");
}
