import { formatBytes, formatCount } from "../../../../../base/text.ts";
import type { Analysis, AnalysisLanguage } from "../../../../../contracts/analysis.ts";
import { stackedBar } from "../charts/stacked-bar.ts";
import { dataTable } from "../data-table.ts";
import { hexColor, html, type Html } from "../markup.ts";
import { panel, type Section } from "../panel.ts";
import { clip, plural } from "../wording.ts";

export function languagesSection({ languages }: Analysis): Section | null {
  const rows = languages
    .filter((language) => language.code > 0 || language.share > 0 || language.files > 0)
    .toSorted((a, b) => b.share - a.share || b.code - a.code);
  if (rows.length === 0) return null;
  const total = rows.reduce(
    (sum, row) => ({
      code: sum.code + row.code,
      comments: sum.comments + row.comments,
      files: sum.files + row.files,
    }),
    { code: 0, comments: 0, files: 0 },
  );
  const counted = rows.filter((row) => row.share > 0);
  return {
    id: "languages",
    title: "Languages",
    remark: `${plural(total.code, "line")} of code and ${formatCount(total.comments)} of comments in ${plural(total.files, "file")}`,
    body: panel(
      "Share of bytes",
      "Programming and markup languages, without vendored, generated and documentation files; the counts beneath hold every text file.",
      html`${stackedBar(
        {
          id: "languages",
          title: "Languages by bytes",
          description: counted.slice(0, 8).map(describe).join(", "),
        },
        counted.map((row) => ({
          label: describe(row),
          value: row.share,
          color: hexColor(row.color),
          className: "language",
        })),
      )}
      ${dataTable({
        id: "languages",
        caption: "Languages",
        isCaptionHidden: true,
        rows,
        shown: 8,
        most: 40,
        columns: [
          {
            head: "Language",
            kind: "header",
            cell: (row) => html`${swatch(row.color)}${clip(row.name, 40)}`,
          },
          {
            head: "Share",
            kind: "number",
            cell: (row) => (row.share === 0 ? html`<span class="quiet">–</span>` : share(row)),
          },
          { head: "Files", kind: "number", cell: (row) => formatCount(row.files) },
          { head: "Code", kind: "number", cell: (row) => formatCount(row.code) },
          { head: "Comments", kind: "number", cell: (row) => formatCount(row.comments), isMinor: true },
          { head: "Blank", kind: "number", cell: (row) => formatCount(row.blanks), isMinor: true },
          { head: "Size", kind: "number", cell: (row) => formatBytes(row.bytes), isMinor: true },
        ],
      })}`,
    ),
  };
}

function describe(language: AnalysisLanguage): string {
  return `${clip(language.name, 40)} ${share(language)}`;
}

function share(language: AnalysisLanguage): string {
  return language.share < 0.1 ? "< 0.1 %" : `${language.share.toFixed(1)} %`;
}

function swatch(color: string | null): Html {
  const checked = hexColor(color);
  return checked === null
    ? html`<span class="swatch" aria-hidden="true"></span>`
    : html`<span class="swatch" aria-hidden="true" style="background:${checked}"></span>`;
}
