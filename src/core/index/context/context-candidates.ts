import { hashTerm, splitWord } from "../records/words.ts";
import { findExact } from "../search/exact-hits.ts";
import { readExactParts } from "../search/exact.ts";
import type { OpenedIndex } from "../search/open-index.ts";
import { parseQuery, type Query } from "../search/query.ts";
import { rankFiles, type RankedFiles } from "../search/rank-files.ts";
import { rankUnits } from "../search/rank-units.ts";
import { coChanged } from "../search/second-signals.ts";
import { profileOf } from "../search/weights.ts";
import type { Git } from "../../../contracts/git.ts";
import type { UnitRef } from "../search/references.ts";

/** A piece that may belong into a context. */
export interface Candidate extends UnitRef {
  /** Comparable within one task. */
  readonly score: number;
  /** Why it is here, for people and models. */
  readonly reason: string;
}

export interface Candidates {
  /** Best first, each unit once. */
  readonly units: readonly Candidate[];
  readonly ranked: RankedFiles;
  readonly query: Query;
}

/** Places that search may add, for each thousand tokens of the budget, and at least. */
const unitsPerThousand = 25;
const fewestUnits = 60;
/** Units whose mentions, callers and tests are followed. */
const seeds = 8;
const mentionsOfSeed = 6;
const callersOfSeed = 4;
const learntNames = 12;

/**
 * Collects pieces in passes: what search finds; what that mentions, who calls it, its tests and what changes with it; and
 * what a second search finds with the names that were learnt in the first.
 */
export async function collectCandidates(
  opened: OpenedIndex,
  text: string,
  budgetTokens: number,
  git: Git,
  signal: AbortSignal,
): Promise<Candidates> {
  const { index } = opened;
  const references = index.references();
  const firstUnits = Math.max(fewestUnits, (budgetTokens / 1_000) * unitsPerThousand);
  const found = new Map<string, Candidate>();
  const add = (file: number, unit: number, score: number, reason: string): void => {
    const key = `${file} ${unit}`;
    const known = found.get(key);
    if (known === undefined || known.score < score)
      // What was asked for letter by letter says more than that its words fit.
      found.set(key, { file, unit, score, reason: score > 1 ? reason : (known?.reason ?? reason) });
  };
  const query = parseQuery(text);
  const profile = profileOf(query, opened.weights);
  const dense = (await opened.dense?.ask(text, signal))?.scores ?? null;
  const ranked = rankFiles(index, query, { weights: profile.files, dense });
  const units = rankUnits(index, query, ranked, profile.units);
  const best = units[0]?.score ?? 1;
  for (const unit of units.slice(0, firstUnits))
    add(unit.file, unit.unit, unit.score / best, "matches the words");
  const exact = readExactParts(text, !query.isChange);
  if (exact.expression === null) {
    const { hits } = await findExact(index, opened.snapshot, exact, git, signal);
    for (const hit of hits.slice(0, 20))
      if (hit.unit >= 0)
        add(
          hit.file,
          hit.unit,
          1.5,
          hit.reason === "place"
            ? `line ${hit.line} is named`
            : hit.reason === "literal"
              ? "holds the quoted text"
              : "is named",
        );
  }
  const seedUnits = [...found.values()].toSorted((a, b) => b.score - a.score).slice(0, seeds);
  for (const seed of seedUnits) follow(seed);
  searchAgain();
  return {
    units: [...found.values()].toSorted((a, b) => b.score - a.score || a.file - b.file || a.unit - b.unit),
    ranked,
    query,
  };

  function follow(seed: Candidate): void {
    const record = index.files[seed.file]!.record!;
    const name = record.names()[seed.unit]!;
    const label = name === "" ? index.files[seed.file]!.path : name;
    for (const { ref, definitions } of references.mentioned(seed).slice(0, mentionsOfSeed))
      add(ref.file, ref.unit, (seed.score * 0.45) / definitions, `used by ${label}`);
    const hash = record.unitNames[seed.unit]!;
    if (hash !== 0 && references.definitions(hash).length <= 3)
      for (const ref of references.mentioning(hash, 40).slice(0, callersOfSeed)) {
        const isTest = index.files[ref.file]!.traits.test;
        add(
          ref.file,
          ref.unit,
          seed.score * (isTest ? 0.3 : 0.4),
          isTest ? `tests ${label}` : `uses ${label}`,
        );
      }
    for (const [file, share] of [...coChanged(index.history, seed.file)]
      .sort((a, b) => b[1] - a[1])
      .slice(0, 4)) {
      const unit = bestUnitOf(file);
      if (unit >= 0)
        add(file, unit, seed.score * share * 0.6, `changes together with ${index.files[seed.file]!.path}`);
    }
  }

  /** The names in the best places are the project's own words for what was asked. */
  function searchAgain(): void {
    const names = new Set<string>();
    for (const seed of seedUnits) {
      const name = index.files[seed.file]!.record!.names()[seed.unit]!;
      if (name !== "" && names.size < learntNames) for (const term of splitWord(name)) names.add(term);
    }
    const known = new Set(query.terms.map((term) => term.text));
    const learnt = [...names].filter((term) => !known.has(term)).slice(0, learntNames);
    if (learnt.length === 0) return;
    const widened: Query = {
      ...query,
      terms: [
        ...query.terms,
        ...learnt.map((term, at) => ({
          text: term,
          hash: hashTerm(term),
          weight: 0.25,
          concept: query.terms.length + at,
        })),
      ],
    };
    const again = rankFiles(index, widened, { weights: profile.files, dense });
    const more = rankUnits(index, widened, again, profile.units);
    const top = more[0]?.score ?? 1;
    for (const unit of more.slice(0, firstUnits))
      add(unit.file, unit.unit, (unit.score / top) * 0.8, "matches the names found first");
  }

  /** The longest definition: where little is known about what matters in a file. */
  function bestUnitOf(file: number): number {
    const own = units.find((unit) => unit.file === file);
    if (own !== undefined) return own.unit;
    const record = index.files[file]!.record;
    if (record === null || record.unitKinds.length === 0) return -1;
    let longest = 0;
    for (let unit = 1; unit < record.unitKinds.length; unit++)
      if (record.unitWords[unit]! > record.unitWords[longest]!) longest = unit;
    return longest;
  }
}
