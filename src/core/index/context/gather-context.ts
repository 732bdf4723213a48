import type { Git } from "../../../contracts/git.ts";
import type { UnitKind } from "../records/cut-units.ts";
import { unitKindOf } from "../records/blob-record.ts";
import { splitWord } from "../records/words.ts";
import type { OpenedIndex } from "../search/open-index.ts";
import { fullName } from "../search/unit-at.ts";
import { readBlobs } from "../../repository/tree.ts";
import { type Candidate, collectCandidates } from "./context-candidates.ts";
import { countTokens, type Excerpt, excerptsOf, signatureOf } from "./excerpt.ts";
import type { References } from "../search/references.ts";

/** Lines of the snapshot that a task needs. */
export interface ContextPiece extends Excerpt {
  readonly path: string;
  readonly symbol: string | null;
  readonly kind: UnitKind;
  /** Why it is here. */
  readonly reason: string;
  readonly tokens: number;
}

export interface Context {
  /** In the order of the files' worth, within a file by line; no line twice. */
  readonly pieces: readonly ContextPiece[];
  readonly tokens: number;
}

export interface ContextRequest {
  /** What is to be done or answered. */
  readonly text: string;
  /** Most tokens of all pieces together, by a cautious estimate. */
  readonly budgetTokens: number;
  readonly signal: AbortSignal;
}

/** Share of the budget for whole pieces; the rest shows only the heads of what else may matter, one for each file. */
const wholeShare = 0.7;
/** Each further piece of one file counts for less, so that one file does not fill everything. */
const furtherPiece = 0.75;
const headFiles = 60;

/** Gathers what a task needs to see of a snapshot under a token budget. */
export async function gatherContext(
  opened: OpenedIndex,
  request: ContextRequest,
  git: Git,
  references: References = opened.index.references(),
): Promise<Context> {
  const { index, snapshot } = opened;
  const { units, ranked, query } = await collectCandidates(
    opened,
    request.text,
    references,
    git,
    request.signal,
  );
  const candidates = spread(units);
  const heads = headCandidates();
  const wanted = new Set([...candidates.slice(0, 200), ...heads].map(({ file }) => index.files[file]!.oid));
  const lines = new Map<string, readonly string[]>();
  await readBlobs(snapshot.repository.gitDir, [...wanted], git, request.signal, (oid, bytes) => {
    lines.set(oid, bytes.toString("utf8").split("\n"));
  });
  const weights = new Map(query.terms.map((term, at) => [term.text, (ranked.idf[at] ?? 0) * term.weight]));
  const taken = new Map<number, [number, number][]>();
  const pieces: (ContextPiece & { readonly file: number })[] = [];
  let tokens = 0;
  fill(candidates, request.budgetTokens * wholeShare, (candidate, text, place) =>
    excerptsOf(text, place, weightOf),
  );
  fill(heads, request.budgetTokens, (_, text, place) => [signatureOf(text, place.line, place.endLine)]);
  const order = new Map<number, number>();
  for (const { file } of pieces) if (!order.has(file)) order.set(file, order.size);
  return {
    pieces: pieces
      .toSorted((a, b) => order.get(a.file)! - order.get(b.file)! || a.startLine - b.startLine)
      .map(({ file: _, ...piece }) => piece),
    tokens,
  };

  function fill(
    from: readonly Candidate[],
    limit: number,
    cut: (
      candidate: Candidate,
      text: readonly string[],
      place: { startLine: number; line: number; endLine: number },
    ) => readonly Excerpt[],
  ): void {
    for (const candidate of from) {
      const { path, oid, record } = index.files[candidate.file]!;
      const text = lines.get(oid);
      if (text === undefined || record === null) continue;
      const { unit } = candidate;
      const place = {
        startLine: record.unitStarts[unit]!,
        line: record.unitLines[unit]!,
        endLine: record.unitEnds[unit]!,
      };
      const name = fullName(record, unit);
      for (const excerpt of cut(candidate, text, place)) {
        const shown = taken.get(candidate.file) ?? [];
        if (shown.some(([start, end]) => excerpt.startLine >= start && excerpt.endLine <= end)) continue;
        const cost = countTokens(excerpt.text) + countTokens(path);
        if (tokens + cost > limit) continue;
        tokens += cost;
        taken.set(candidate.file, [...shown, [excerpt.startLine, excerpt.endLine]]);
        pieces.push({
          ...excerpt,
          file: candidate.file,
          path,
          symbol: name === "" ? null : name,
          kind: unitKindOf(record, unit),
          reason: candidate.reason,
          tokens: cost,
        });
      }
    }
  }

  /** One head for each of the best files, whether or not a piece of it fitted. */
  function headCandidates(): Candidate[] {
    const heads: Candidate[] = [];
    const bestOf = new Map<number, Candidate>();
    for (const unit of units) if (!bestOf.has(unit.file)) bestOf.set(unit.file, unit);
    for (const file of ranked.order.slice(0, headFiles)) {
      const record = index.files[file]!.record;
      if (record === null || record.unitKinds.length === 0) continue;
      heads.push(bestOf.get(file) ?? { file, unit: 0, score: 0, reason: "may be concerned" });
    }
    return heads;
  }

  function weightOf(line: string): number {
    let sum = 0;
    for (const word of line.match(/[\p{L}\p{N}_]+/gu) ?? [])
      for (const term of splitWord(word)) sum += weights.get(term) ?? 0;
    return sum;
  }
}

/** Candidates in an order that lets other files have their turn. */
function spread(units: readonly Candidate[]): Candidate[] {
  const seen = new Map<number, number>();
  return units
    .map((unit) => {
      const before = seen.get(unit.file) ?? 0;
      seen.set(unit.file, before + 1);
      return { ...unit, score: unit.score * furtherPiece ** before };
    })
    .sort((a, b) => b.score - a.score);
}
