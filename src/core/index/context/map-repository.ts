import { printableLine } from "../../../base/text.ts";
import type { Git } from "../../../contracts/git.ts";
import { readBlobs } from "../../repository/tree.ts";
import { unitKindOf } from "../records/blob-record.ts";
import type { OpenedIndex } from "../search/open-index.ts";
import { fullName } from "../search/unit-at.ts";
import { countTokens, signatureOf } from "./excerpt.ts";

/** One definition that others build on. */
export interface MapEntry {
  readonly path: string;
  readonly line: number;
  readonly symbol: string;
  readonly signature: string;
  /** In how many other files its name is mentioned. */
  readonly mentionedIn: number;
}

export interface RepositoryMap {
  /** By file, the most important file first; within a file by line. */
  readonly entries: readonly MapEntry[];
  readonly tokens: number;
}

/** Definitions that are looked at; the budget ends the map long before. */
const candidates = 600;
/** Names that several things have are likely to be mentioned for another one. */
const maxNamesakes = 4;
const maxSignature = 200;
/** A file's ten getters say less than another file's first function. */
const perFile = 8;

/**
 * The definitions that most of the repository mentions, with their signatures: an overview under a token budget. Tests,
 * generated files and other people's code are left out.
 */
export async function mapRepository(
  { index, snapshot }: OpenedIndex,
  budgetTokens: number,
  git: Git,
  signal: AbortSignal,
): Promise<RepositoryMap> {
  const references = index.references();
  const found: {
    readonly file: number;
    readonly unit: number;
    readonly worth: number;
    readonly fame: number;
  }[] = [];
  for (const [file, { record, traits }] of index.files.entries()) {
    if (record === null || traits.test || traits.vendored || traits.generated || traits.docs) continue;
    for (let unit = 0; unit < record.unitNames.length; unit++) {
      const name = record.unitNames[unit]!;
      const namesakes = name === 0 ? 0 : references.definitions(name).length;
      if (namesakes === 0 || namesakes > maxNamesakes) continue;
      const fame = references.fame(name);
      if (fame > 1) found.push({ file, unit, fame, worth: fame / namesakes });
    }
  }
  found.sort((a, b) => b.worth - a.worth || a.file - b.file || a.unit - b.unit);
  const counts = new Map<number, number>();
  const chosen = found
    .filter(({ file }) => {
      const count = counts.get(file) ?? 0;
      counts.set(file, count + 1);
      return count < perFile;
    })
    .slice(0, candidates);
  const lines = new Map<string, readonly string[]>();
  await readBlobs(
    snapshot.repository.gitDir,
    [...new Set(chosen.map(({ file }) => index.files[file]!.oid))],
    git,
    signal,
    (oid, bytes) => void lines.set(oid, bytes.toString("utf8").split("\n")),
  );
  const entries: MapEntry[] = [];
  const shownFiles = new Set<string>();
  let tokens = 0;
  for (const { file, unit, fame } of chosen) {
    const { path, oid, record } = index.files[file]!;
    const text = lines.get(oid);
    if (text === undefined) continue;
    const line = record!.unitLines[unit]!;
    const kind = unitKindOf(record!, unit);
    const signature = signatureOf(text, line, record!.unitEnds[unit]!)
      .text.replace(/\s+/g, " ")
      .trim()
      .slice(0, maxSignature);
    const cost = countTokens(signature) + (shownFiles.has(path) ? 0 : countTokens(path));
    if (tokens + cost > budgetTokens) break;
    tokens += cost;
    shownFiles.add(path);
    entries.push({ path, line, symbol: fullName(record!, unit) || kind, signature, mentionedIn: fame });
  }
  const order = new Map<string, number>();
  for (const { path } of entries) if (!order.has(path)) order.set(path, order.size);
  return {
    entries: entries.toSorted((a, b) => order.get(a.path)! - order.get(b.path)! || a.line - b.line),
    tokens,
  };
}

/** A map as text: each file once, its definitions below it. */
export function formatMap({ entries }: RepositoryMap): string {
  const lines: string[] = [];
  let file = "";
  for (const { path, line, signature } of entries) {
    if (path !== file) lines.push(printableLine(path));
    file = path;
    lines.push(`  ${line}: ${printableLine(signature)}`);
  }
  return lines.join("\n");
}
