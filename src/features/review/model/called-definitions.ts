import type { Git } from "../../../contracts/git.ts";
import { hashTerm } from "../../../core/index/records/words.ts";
import { splitLines } from "../../../core/index/search/read-lines.ts";
import type { UnitRef } from "../../../core/index/search/references.ts";
import type { OpenedIndex } from "../../../core/index/search/open-index.ts";
import { readBlobs } from "../../../core/repository/tree.ts";
import type { ChangeUnit, ShownDefinition } from "./change-unit.ts";
import { tokensOf } from "./cut-text.ts";
import { showLines } from "./shown-lines.ts";
import { showPath } from "./shown-text.ts";

/** Of one definition, its head; of one unit, so many; together so many tokens. */
const mostLines = 12;
const mostPerUnit = 4;
const tokensPerUnit = 300;
const lineTokens = 60;
/** A name with more definitions could mean anything. */
const mostMeanings = 2;
/** Names looked up for one unit. */
const mostNames = 40;

const call = /(?<![\p{L}\p{N}_$])([\p{L}_$][\p{L}\p{N}_$]{2,80})[ \t]*\(/gu;

interface Wanted {
  readonly name: string;
  readonly path: string;
  readonly oid: string;
  readonly line: number;
  readonly endLine: number;
}

/** Gives units the heads of what their added lines call, where that is not part of the change. */
export async function addDefinitions(
  units: readonly ChangeUnit[],
  { index, snapshot }: OpenedIndex,
  git: Git,
  secrets: readonly string[],
  signal: AbortSignal,
): Promise<readonly ChangeUnit[]> {
  const changed = new Set(units.map(({ path }) => path));
  const references = index.references();
  const wanted = units.map((unit) => callsOf(unit).flatMap(lookUp).slice(0, mostPerUnit));
  const oids = [...new Set(wanted.flatMap((list) => list.map(({ oid }) => oid)))];
  const contents = new Map<string, readonly string[]>();
  if (oids.length > 0)
    await readBlobs(snapshot.repository.gitDir, oids, git, signal, (oid, bytes) => {
      contents.set(oid, splitLines(bytes));
    });
  return units.map((unit, at) => ({ ...unit, definitions: fit(wanted[at]!.flatMap(show)) }));

  function lookUp(name: string): readonly Wanted[] {
    const found = references.definitions(hashTerm(name));
    return found.length > mostMeanings ? [] : found.flatMap((ref) => describe(name, ref));
  }

  function describe(name: string, { file, unit }: UnitRef): readonly Wanted[] {
    const { path, oid, record } = index.files[file]!;
    if (record === null || changed.has(path)) return [];
    return [{ name, path, oid, line: record.unitLines[unit]!, endLine: record.unitEnds[unit]! }];
  }

  function show({ name, path, oid, line, endLine }: Wanted): readonly ShownDefinition[] {
    const texts = contents.get(oid)?.slice(line - 1, Math.min(endLine, line + mostLines - 1)) ?? [];
    if (texts.length === 0) return [];
    const shown = showLines(
      texts.map((text) => ({ kind: "context", text, newLine: null })),
      { lineTokens, secrets },
    );
    const text = shown.map((one) => one.text).join("\n");
    return [{ name, path: showPath(path, lineTokens, secrets), line, text }];
  }
}

function callsOf({ lines }: ChangeUnit): readonly string[] {
  const names = new Set<string>();
  for (const { mark, text } of lines)
    if (mark === "+") for (const [, name] of text.matchAll(call)) names.add(name!);
  return [...names].slice(0, mostNames);
}

function fit(definitions: readonly ShownDefinition[]): readonly ShownDefinition[] {
  let left = tokensPerUnit;
  return definitions.filter(({ text, path, name }) => {
    const cost = tokensOf(text) + tokensOf(path) + tokensOf(name);
    if (cost > left) return false;
    left -= cost;
    return true;
  });
}
