import type { BlobRecord } from "../records/blob-record.ts";
import { bisect } from "./bisect.ts";
import type { Query } from "./query.ts";

/** Where the terms of a query stand in the units of one file. */
export interface UnitTerms {
  /** Those terms of the query that the file has at all, in order. */
  readonly present: readonly number[];
  /** Index into the record's `unitTerms`, or -1, for each unit and each of `present`. */
  readonly places: Int32Array;
}

/** Most files have few of a query's terms, and what a file has not none of its units has. */
export function findUnitTerms(record: BlobRecord, { terms }: Query): UnitTerms {
  const present: number[] = [];
  for (let term = 0; term < terms.length; term++)
    if (bisect(record.terms.hashes, terms[term]!.hash) >= 0) present.push(term);
  const units = record.unitKinds.length;
  const places = new Int32Array(units * present.length);
  const { hashes } = record.unitTerms;
  for (let unit = 0, place = 0; unit < units; unit++) {
    const from = record.unitTermStarts[unit]!;
    const to = record.unitTermStarts[unit + 1]!;
    for (let at = 0; at < present.length; at++, place++)
      places[place] = bisect(hashes, terms[present[at]!]!.hash, from, to);
  }
  return { present, places };
}
