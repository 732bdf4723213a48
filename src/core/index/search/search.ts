import { AppError } from "../../../base/errors.ts";
import type { Git } from "../../../contracts/git.ts";
import type { FileSearchResult, SearchHit, SearchResult } from "../../../contracts/search.ts";
import { unitKindOf } from "../records/blob-record.ts";
import { type ExactParts, readExactParts } from "./exact.ts";
import { type ExactHit, findExact } from "./exact-hits.ts";
import type { OpenedIndex } from "./open-index.ts";
import { parseQuery, type Query } from "./query.ts";
import { rankFiles, type RankedFiles } from "./rank-files.ts";
import { rankUnits } from "./rank-units.ts";
import { readLines } from "./read-lines.ts";
import { type RankProfile, signalNames } from "./signals.ts";
import { profileOf } from "./weights.ts";
import { fullName } from "./unit-at.ts";

export interface SearchRequest {
  readonly query: string;
  /** Most hits. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

const maxQueryLength = 20_000;
const maxTextLines = 60;
/** Added to the score of what was asked for letter by letter, so that it comes first. */
const pins = { place: 3, literal: 2, definition: 1 };

interface Found {
  readonly query: Query;
  readonly exact: ExactParts;
  readonly profile: RankProfile;
  readonly ranked: RankedFiles;
  readonly pinned: readonly ExactHit[];
  readonly startedAt: number;
  /** What was left out, for people. */
  readonly notes: readonly string[];
}

/**
 * Functions, classes and pieces of files that answer a query, best first.
 * @throws AppError `usage` for a query without a word in it, or an expression that is none
 */
export async function searchUnits(
  opened: OpenedIndex,
  request: SearchRequest,
  git: Git,
): Promise<SearchResult> {
  const found = await find(opened, request, git, "places");
  const { index } = opened;
  const places = new Map<string, Place>();
  const texts = new Map<string, Set<string>>();
  for (const hit of found.pinned) {
    const key = `${hit.file} ${hit.unit} ${hit.unit < 0 ? hit.line : ""}`;
    const known = places.get(key);
    const own = texts.get(key) ?? new Set();
    texts.set(key, own.add(hit.text));
    const score =
      pins[hit.reason] + (own.size - 1) / 2 + roleShare(opened, hit.file) + matchShare(found, hit);
    if (known === undefined || known.score < score)
      places.set(key, { file: hit.file, unit: hit.unit, line: hit.line, score, signals: { exact: 1 } });
  }
  if (found.exact.expression === null)
    for (const unit of rankUnits(index, found.query, found.ranked, found.profile.units).slice(
      0,
      request.limit + places.size,
    )) {
      const key = `${unit.file} ${unit.unit} `;
      const pinned = places.get(key);
      places.set(key, {
        file: unit.file,
        unit: unit.unit,
        line: 0,
        score: (pinned?.score ?? 0) + unit.score,
        signals: { ...unit.signals, ...pinned?.signals },
      });
    }
  if (found.exact.expression === null) addFiles(opened, found, request.limit, places);
  const best = [...places.values()]
    .sort((a, b) => b.score - a.score || a.file - b.file || a.unit - b.unit)
    .slice(0, request.limit);
  const tookMs = performance.now() - found.startedAt;
  return {
    ...describe(opened, request.query, tookMs, found.notes),
    hits: await toHits(opened, best, git, request.signal),
  };
}

/** Whole files that answer a query, or that somebody who does what it says will change. @throws as `searchUnits` */
export async function searchFiles(
  opened: OpenedIndex,
  request: SearchRequest,
  git: Git,
): Promise<FileSearchResult> {
  const { ranked, pinned, startedAt, exact, notes } = await find(opened, request, git, "files");
  const bonus = new Map<number, number>();
  for (const { file, reason } of pinned) bonus.set(file, Math.max(bonus.get(file) ?? 0, pins[reason]));
  const best = ranked.scores[ranked.order[0] ?? 0] || 1;
  const candidates = exact.expression === null ? new Set([...bonus.keys(), ...ranked.order]) : bonus.keys();
  const files = [...candidates]
    .map((file) => ({ file, score: (bonus.get(file) ?? 0) + Math.max(0, ranked.scores[file]! / best) }))
    .sort(
      (a, b) =>
        b.score - a.score || (opened.index.files[a.file]!.path < opened.index.files[b.file]!.path ? -1 : 1),
    )
    .slice(0, request.limit)
    .map(({ file, score }) => ({
      path: opened.index.files[file]!.path,
      score: round(score),
      signals: {
        ...Object.fromEntries(
          signalNames.flatMap((name) => {
            const value = ranked.signals[name][file]!;
            return value > 0 ? [[name, round(value)]] : [];
          }),
        ),
        ...(bonus.has(file) ? { exact: 1 } : {}),
      },
    }));
  return { ...describe(opened, request.query, performance.now() - startedAt, notes), files };
}

async function find(
  opened: OpenedIndex,
  request: SearchRequest,
  git: Git,
  wanted: "files" | "places",
): Promise<Found> {
  const text = request.query.trim().slice(0, maxQueryLength);
  const query = parseQuery(text);
  const exact = readExactParts(text, !query.isChange);
  if (query.terms.length === 0 && exact.expression === null && exact.literals.length === 0)
    throw new AppError("usage", "The query has no word to search for.");
  const startedAt = performance.now();
  const profile = profileOf(query, opened.weights, wanted);
  const dense = exact.expression === null ? ((await opened.dense?.ask(text, request.signal)) ?? null) : null;
  const ranked = rankFiles(opened.index, query, { weights: profile.files, dense: dense?.scores ?? null });
  const { hits } = await findExact(opened.index, opened.snapshot, exact, git, request.signal);
  const notes = dense?.note == null ? [] : [dense.note];
  return { query, exact, profile, ranked, pinned: hits, startedAt, notes };
}

/**
 * Files that have no place of their own are found by their path and by what commits said: those that were not read yet
 * among the others, those that say nothing of it themselves after them, where there is room.
 */
function addFiles(
  { index, missing }: OpenedIndex,
  { ranked }: Found,
  limit: number,
  places: Map<string, Place>,
): void {
  const best = ranked.scores[ranked.order[0] ?? 0] || 1;
  const last = Math.min(1, ...[...places.values()].map(({ score }) => score));
  const known = new Set([...places.values()].map(({ file }) => file));
  for (const file of ranked.order.slice(0, Math.max(50, limit))) {
    const isUnread = missing > 0 && index.files[file]!.record === null;
    if (known.has(file) || (!isUnread && places.size >= limit)) continue;
    if (!isUnread && ranked.signals.path[file] === 0 && ranked.signals.mention[file] === 0) continue;
    const share = Math.max(0, ranked.scores[file]! / best);
    const score = isUnread ? share / 2 : (share * last) / 2;
    places.set(`${file} -1`, { file, unit: -1, line: 1, score, signals: { file: share } });
  }
}

interface Place {
  readonly file: number;
  readonly unit: number;
  readonly line: number;
  readonly score: number;
  readonly signals: Readonly<Record<string, number>>;
}

/** Own code before tests, and these before what others wrote. */
function roleShare({ index }: OpenedIndex, file: number): number {
  const { traits } = index.files[file]!;
  if (traits.vendored || traits.generated) return 0;
  return traits.test || traits.docs || traits.data ? 0.2 : 0.4;
}

/** Among equal matches the file that the query is about comes first. */
function matchShare({ ranked }: Found, { file }: ExactHit): number {
  const best = ranked.scores[ranked.order[0] ?? 0] || 1;
  return 0.3 * Math.max(0, ranked.scores[file]! / best);
}

function describe(
  opened: OpenedIndex,
  query: string,
  tookMs: number,
  notes: readonly string[],
): Pick<SearchResult, "query" | "rev" | "tookMs" | "complete" | "notes"> {
  return {
    query,
    rev: opened.snapshot.commit,
    tookMs: Math.round(tookMs * 10) / 10,
    complete: opened.missing === 0,
    notes: [...notes],
  };
}

async function toHits(
  opened: OpenedIndex,
  places: readonly Place[],
  git: Git,
  signal: AbortSignal,
): Promise<SearchHit[]> {
  const { files } = opened.index;
  const ranges = places.map(({ file, unit, line }) => {
    const { record, path, oid } = files[file]!;
    if (record === null || unit < 0) {
      const startLine = Math.max(1, line);
      return { path, oid, startLine, endLine: startLine, symbol: null, kind: "file" as const };
    }
    const name = fullName(record, unit);
    return {
      path,
      oid,
      startLine: record.unitStarts[unit]!,
      endLine: record.unitEnds[unit]!,
      symbol: name === "" ? null : name,
      kind: unitKindOf(record, unit),
    };
  });
  const texts = await readLines(opened.snapshot.repository.gitDir, ranges, maxTextLines, git, signal);
  return ranges.map(({ path, startLine, endLine, symbol, kind }, at) => ({
    path,
    startLine,
    endLine,
    symbol,
    kind,
    score: round(places[at]!.score),
    signals: Object.fromEntries(
      Object.entries(places[at]!.signals)
        .filter(([, value]) => value > 0)
        .map(([name, value]) => [name, round(value)]),
    ),
    text: texts[at]!,
  }));
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
