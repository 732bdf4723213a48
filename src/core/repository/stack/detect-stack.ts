import { collectFindings, type Finding, RANK, type TechnologyFindings } from "./collect-findings.ts";
import type { StackInput } from "./stack-input.ts";
import { createTechnologyTable, type StackCategory, type TechnologyTable } from "./technologies.ts";

export interface StackEvidence {
  readonly path: string;
  /** Line that shows it, from 1. The existence of a file is shown by its line 1. */
  readonly line: number;
}

/** One technology a repository uses. */
export interface StackItem {
  readonly name: string;
  readonly category: StackCategory;
  /** As declared: a range, a pinned version, a list of tried ones or an image tag. */
  readonly version?: string;
  /** The best places that show it, at most `MAX_EVIDENCE`, most telling first. */
  readonly evidence: readonly StackEvidence[];
}

export const MAX_EVIDENCE = 5;

/** The technologies of a repository with the places that show them, sorted by category and name. */
export function detectStack(
  input: StackInput,
  table: TechnologyTable = createTechnologyTable(),
): StackItem[] {
  return collectFindings(input, table)
    .filter(isEnough)
    .map(toItem)
    .sort((a, b) => compare(a.category, b.category) || compare(a.name.toLowerCase(), b.name.toLowerCase()));
}

/** A runtime or a database that only a CI file mentions is a tool of the CI. */
function isEnough({ technology, found }: TechnologyFindings): boolean {
  if (!["language-runtime", "database", "queue", "service"].includes(technology.category)) return true;
  return found.some(({ rank, isMinor }) => rank !== RANK.ci && !isMinor);
}

function toItem({ technology, found }: TechnologyFindings): StackItem {
  // Tests and documentation are named only where nothing better shows it.
  const major = found.filter(({ isMinor, rank }) => !isMinor || rank === RANK.ci);
  const telling = (major.some(({ rank }) => rank !== RANK.ci) ? major : found).toSorted(
    (a, b) => a.rank - b.rank || depth(a.path) - depth(b.path) || compare(a.path, b.path) || a.line - b.line,
  );
  const version = chooseVersion(telling);
  const evidence = new Map<string, StackEvidence>();
  for (const { path, line } of telling)
    if (evidence.size < MAX_EVIDENCE && !evidence.has(path)) evidence.set(path, { path, line });
  return {
    name: technology.name,
    category: technology.category,
    ...(version === undefined ? {} : { version }),
    evidence: [...evidence.values()],
  };
}

/** The best finding's version; of what only CI files say, a list of at least two, because one may be a tool's need. */
function chooseVersion(found: readonly Finding[]): string | undefined {
  const versioned = found.filter(({ version }) => version !== undefined);
  const first = versioned[0];
  if (first?.rank !== RANK.ci) return first?.version;
  return versioned.find(({ version }) => version?.includes(","))?.version;
}

function depth(path: string): number {
  return path.split("/").length;
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
