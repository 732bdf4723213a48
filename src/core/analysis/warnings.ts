import type { ContentFacts, SymbolFacts } from "../../contracts/file-facts.ts";
import type { TreeEntry, Warning } from "../../contracts/repository.ts";

/** Warnings of one code that are listed; the rest is a number. */
const maxPerCode = 20;

/** What is odd about the files of a snapshot. */
export function fileWarnings(
  entries: readonly TreeEntry[],
  factsOf: (entry: TreeEntry) => {
    readonly content: ContentFacts | undefined;
    readonly symbols: SymbolFacts | undefined;
  },
): Warning[] {
  const warnings: Warning[] = [];
  const warn = (code: string, message: string, path: string): void =>
    void warnings.push({ code, message, path });
  for (const entry of entries) {
    if (entry.kind === "submodule")
      warn(
        "submodule",
        `A submodule at ${entry.oid.slice(0, 12)}; its files are not part of this repository.`,
        entry.path,
      );
    else if (entry.sizeBytes < 0)
      warn(
        "missing-blob",
        "Its content is missing from this clone, so it is counted as a file and nothing more.",
        entry.path,
      );
    const { content, symbols } = factsOf(entry);
    if (content?.lfsPointer) warn("lfs-pointer", "Kept in Git LFS; only the pointer is here.", entry.path);
    if (content?.minified) warn("minified-file", "Minified; it was not parsed for symbols.", entry.path);
    if (symbols?.problem === "too-large")
      warn("huge-file", "Larger than limits.parse_bytes; it was not parsed for symbols.", entry.path);
    if (symbols?.problem === "parse-time-out")
      warn(
        "parse-time-out",
        "Parsing took longer than limits.parse_timeout; its symbols are incomplete.",
        entry.path,
      );
    if (symbols?.problem === "parse-failed")
      warn("parse-failed", "It could not be parsed; its symbols are missing.", entry.path);
  }
  return warnings;
}

/** Lists the first of each code and counts the others. */
export function capWarnings(warnings: readonly Warning[]): Warning[] {
  const byCode = new Map<string, Warning[]>();
  for (const warning of warnings) byCode.set(warning.code, [...(byCode.get(warning.code) ?? []), warning]);
  return [...byCode].flatMap(([code, list]) =>
    list.length <= maxPerCode
      ? list
      : [
          ...list.slice(0, maxPerCode),
          { code, message: `… and ${list.length - maxPerCode} more of this kind.` },
        ],
  );
}
