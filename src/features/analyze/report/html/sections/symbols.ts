import { formatCount } from "../../../../../base/text.ts";
import type { Analysis, AnalysisSymbols } from "../../../../../contracts/analysis.ts";
import { barCell, dataTable } from "../data-table.ts";
import { html, type Html } from "../markup.ts";
import { panel, type Section } from "../panel.ts";
import { clip, pathText, plural } from "../wording.ts";

type CodeFunction = AnalysisSymbols["mostComplex"][number];

export function symbolsSection({ symbols }: Analysis): Section | null {
  if (symbols.filesParsed === 0) return null;
  return {
    id: "code",
    title: "Code",
    remark: `${plural(symbols.functions, "function")}, ${plural(symbols.classes, "class", "classes")}, ${plural(symbols.types, "type")} in ${plural(symbols.filesParsed, "parsed file")}`,
    body: [
      panel(
        "Most complex functions",
        "Cyclomatic complexity: the number of independent paths through a function.",
        functionTable("complex", symbols.mostComplex, "complexity"),
        "half",
      ),
      panel(
        "Largest functions",
        "By lines from the first to the last.",
        functionTable("large", symbols.largest, "lines"),
        "half",
      ),
      panel(
        "By language",
        "",
        dataTable({
          id: "symbol-languages",
          caption: "Symbols by language",
          isCaptionHidden: true,
          rows: symbols.byLanguage.filter((row) => row.functions + row.classes + row.types > 0),
          shown: 10,
          most: 40,
          columns: [
            { head: "Language", kind: "header", cell: (row) => clip(row.language, 40) },
            { head: "Functions", kind: "number", cell: (row) => formatCount(row.functions) },
            { head: "Classes", kind: "number", cell: (row) => formatCount(row.classes) },
            { head: "Types", kind: "number", cell: (row) => formatCount(row.types) },
            { head: "Mean complexity", kind: "number", cell: (row) => row.meanComplexity.toFixed(1) },
          ],
        }),
      ),
    ],
  };
}

function functionTable(
  id: string,
  rows: readonly CodeFunction[],
  measure: "complexity" | "lines",
): Html | null {
  const most = Math.max(1, ...rows.map((row) => row[measure]));
  const other = measure === "lines" ? "complexity" : "lines";
  return dataTable<CodeFunction>({
    id,
    caption: id === "complex" ? "Most complex functions" : "Largest functions",
    isCaptionHidden: true,
    rows,
    shown: 10,
    most: 50,
    columns: [
      {
        head: "Function",
        kind: "header",
        cell: (row) =>
          html`<span class="symbol">${clip(row.name, 60)}</span><br />${pathText(row.path, row.line)}`,
      },
      { head: heads[measure], kind: "number", cell: (row) => formatCount(row[measure]) },
      { head: "", cell: (row) => barCell(row[measure] / most, "warm narrow"), isMinor: true },
      {
        head: heads[other],
        kind: "number",
        cell: (row) => html`<span class="quiet">${formatCount(row[other])}</span>`,
      },
    ],
  });
}

const heads = { complexity: "Complexity", lines: "Lines" } as const;
