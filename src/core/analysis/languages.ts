import type { AnalysisLanguage } from "../../contracts/analysis.ts";
import type { ContentFacts } from "../../contracts/file-facts.ts";
import type { TreeEntry } from "../../contracts/repository.ts";
import { countsInShare, languageInfo } from "../repository/languages/language-info.ts";

/** What a file is by path, attributes and content together. */
export interface FileTraits {
  readonly entry: TreeEntry;
  /** Undefined when its content was not read. */
  readonly facts: ContentFacts | undefined;
  readonly vendored: boolean;
  readonly generated: boolean;
  readonly documentation: boolean;
  readonly detectable: boolean | undefined;
}

/**
 * Languages with their counts. Counts hold every text file; `share` follows linguist: bytes of programming and
 * markup files that are neither vendored, generated nor documentation, grouped languages under their group.
 */
export function summariseLanguages(files: readonly FileTraits[]): AnalysisLanguage[] {
  const totals = new Map<
    string,
    { files: number; bytes: number; code: number; comments: number; blanks: number }
  >();
  const shareBytes = new Map<string, number>();
  let counted = 0;
  for (const file of files) {
    const language = file.facts?.language;
    if (language === null || language === undefined) continue;
    const total = totals.get(language) ?? { files: 0, bytes: 0, code: 0, comments: 0, blanks: 0 };
    totals.set(language, total);
    total.files++;
    total.bytes += file.entry.sizeBytes;
    total.code += file.facts?.lines?.code ?? 0;
    total.comments += file.facts?.lines?.comments ?? 0;
    total.blanks += file.facts?.lines?.blanks ?? 0;
    if (
      !countsInShare({
        language,
        vendored: file.vendored,
        generated: file.generated,
        documentation: file.documentation,
        detectable: file.detectable,
      })
    )
      continue;
    const { group } = languageInfo(language);
    shareBytes.set(group, (shareBytes.get(group) ?? 0) + file.entry.sizeBytes);
    counted += file.entry.sizeBytes;
  }
  for (const group of shareBytes.keys())
    if (!totals.has(group)) totals.set(group, { files: 0, bytes: 0, code: 0, comments: 0, blanks: 0 });
  return [...totals]
    .map(([name, total]) => ({
      name,
      ...total,
      share: counted === 0 ? 0 : Math.round(((shareBytes.get(name) ?? 0) / counted) * 10_000) / 100,
      color: languageInfo(name).color,
    }))
    .sort((a, b) => b.share - a.share || b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
}
