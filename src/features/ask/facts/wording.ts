import { formatCount } from "../../../base/text.ts";
import type { Analysis } from "../../../contracts/analysis.ts";
import type { FactEvidence } from "./fact-topic.ts";

/** `a, b and c`; beyond `most` the rest is a number. */
export function enumerate(items: readonly string[], most = 8): string {
  const shown = items.length > most ? items.slice(0, most) : items;
  const rest = items.length - shown.length;
  const parts = rest > 0 ? [...shown, `${formatCount(rest)} more`] : shown;
  return parts.length < 2 ? (parts[0] ?? "") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

/** `1 commit`, `2,007 commits`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

export function percent(share: number): string {
  return `${Math.round(share * 1000) / 10}%`;
}

/** The day of an ISO instant. */
export function day(instant: string): string {
  return instant.slice(0, 10);
}

/** `line` as the fields of evidence; none when the report names no line. */
export function lineOf(line: number | undefined): { readonly startLine?: number; readonly endLine?: number } {
  return line === undefined ? {} : { startLine: line, endLine: line };
}

/** The first places that show a part of the stack. */
export function stackEvidence(item: Analysis["stack"][number], most: number): FactEvidence[] {
  const note = withVersion(item.name, item.version);
  return item.evidence.slice(0, most).map(({ path, line }) => ({ path, ...lineOf(line), note }));
}

export function withVersion(name: string, version: string | undefined): string {
  return version === undefined || version === "" ? name : `${name} ${version}`;
}
