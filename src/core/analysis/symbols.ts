import type { AnalysisSymbols } from "../../contracts/analysis.ts";
import type { SymbolFacts } from "../../contracts/file-facts.ts";

const maxListed = 50;

/** Counts of symbols, and the functions that are the hardest to follow. */
export function summariseSymbols(
  files: readonly { readonly path: string; readonly language: string; readonly symbols: SymbolFacts }[],
): AnalysisSymbols {
  const languages = new Map<
    string,
    { functions: number; classes: number; types: number; complexity: number }
  >();
  const functions: AnalysisSymbols["mostComplex"][number][] = [];
  for (const file of files) {
    const total = languages.get(file.language) ?? { functions: 0, classes: 0, types: 0, complexity: 0 };
    languages.set(file.language, total);
    for (const symbol of file.symbols.symbols) {
      if (symbol.kind === "class") total.classes++;
      else if (symbol.kind === "type") total.types++;
      else {
        total.functions++;
        total.complexity += symbol.complexity;
        functions.push({
          path: file.path,
          name: symbol.name,
          line: symbol.line,
          endLine: symbol.endLine,
          lines: symbol.endLine - symbol.line + 1,
          complexity: symbol.complexity,
        });
      }
    }
  }
  const sum = (pick: (total: { functions: number; classes: number; types: number }) => number): number =>
    [...languages.values()].reduce((all, total) => all + pick(total), 0);
  return {
    functions: sum((total) => total.functions),
    classes: sum((total) => total.classes),
    types: sum((total) => total.types),
    filesParsed: files.length,
    mostComplex: functions
      .toSorted((a, b) => b.complexity - a.complexity || b.lines - a.lines)
      .slice(0, maxListed),
    largest: functions.toSorted((a, b) => b.lines - a.lines).slice(0, maxListed),
    byLanguage: [...languages]
      .map(([language, total]) => ({
        language,
        functions: total.functions,
        classes: total.classes,
        types: total.types,
        meanComplexity:
          total.functions === 0 ? 0 : Math.round((total.complexity / total.functions) * 100) / 100,
      }))
      .sort((a, b) => b.functions - a.functions),
  };
}
