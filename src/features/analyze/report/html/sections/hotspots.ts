import { formatCount } from "../../../../../base/text.ts";
import type { Analysis } from "../../../../../contracts/analysis.ts";
import { couplingArcs } from "../charts/arcs.ts";
import { stackedBar } from "../charts/stacked-bar.ts";
import { heatSteps, hotspotTreemap } from "../charts/treemap.ts";
import { barCell, dataTable } from "../data-table.ts";
import { html, type Html } from "../markup.ts";
import { panel, type Section } from "../panel.ts";
import { pathText, percent, plural } from "../wording.ts";

/** Where changes gather: hotspots, files that change together, and how old the files are. */
export function hotspotsSection({ history }: Analysis): Section | null {
  const { hotspots, coupling, fileAges } = history;
  if (hotspots.length === 0 && coupling.length === 0 && fileAges.every((age) => age.files === 0)) return null;
  return {
    id: "hotspots",
    title: "Hotspots",
    remark: "Large files that change often: where a clean-up pays most",
    body: [
      hotspots.length > 0 &&
        panel(
          "Hotspots by size and change",
          html`Area is lines of code, colour is commits. ${legend()}`,
          html`${hotspotTreemap(hotspots)}
          ${dataTable({
            id: "hotspots",
            caption: "Hotspots, highest score first",
            isCaptionHidden: true,
            rows: hotspots,
            shown: 8,
            most: 50,
            columns: [
              { head: "File", kind: "header", cell: (row) => pathText(row.path) },
              { head: "Commits", kind: "number", cell: (row) => formatCount(row.commits) },
              { head: "Lines", kind: "number", cell: (row) => formatCount(row.lines) },
              { head: "Score", kind: "number", cell: (row) => row.score.toFixed(2), isMinor: true },
              { head: "", kind: "wide", cell: (row) => barCell(row.score, "warm"), isMinor: true },
            ],
          })}`,
        ),
      panel(
        "Files that change together",
        "An arc joins two files changed in the same commits; thicker for more commits, stronger for a larger share of both files’ commits.",
        couplingArcs(coupling),
        "half",
      ),
      panel(
        "Strongest pairs",
        "Together: commits that changed both. Degree: their share of the mean of both files’ commits.",
        dataTable({
          id: "pairs",
          caption: "Pairs of files that change together",
          isCaptionHidden: true,
          rows: coupling,
          shown: 10,
          most: 50,
          columns: [
            {
              head: "Files",
              kind: "header",
              cell: (row) => html`${pathText(row.a)}<br />${pathText(row.b)}`,
            },
            { head: "Together", kind: "number", cell: (row) => formatCount(row.together) },
            { head: "Degree", kind: "number", cell: (row) => percent(row.degree) },
          ],
        }),
        "half",
      ),
      panel("Time since the last change", "", ages(fileAges)),
    ],
  };
}

function legend(): Html {
  return html`<span class="legend"
    >few
    <span class="scale" aria-hidden="true"
      >${Array.from({ length: heatSteps }, (_, step) => html`<i class="h${step}"></i>`)}</span
    >
    many</span
  >`;
}

function ages(fileAges: Analysis["history"]["fileAges"]): Html | null {
  const files = fileAges.reduce((sum, age) => sum + age.files, 0);
  if (files === 0) return null;
  const lines = Math.max(
    1,
    fileAges.reduce((sum, age) => sum + age.lines, 0),
  );
  const rows = fileAges.map((age, index) => ({ ...age, step: Math.min(index, 5) }));
  return html`${stackedBar(
    {
      id: "ages",
      title: "Files by the time since their last change",
      description: rows.map((row) => `${row.age} ${row.files}`).join(", "),
    },
    rows.map((row) => ({
      label: `${row.age}: ${plural(row.files, "file")}`,
      value: row.files,
      color: null,
      className: `g${row.step}`,
    })),
  )}
  ${dataTable({
    id: "ages",
    caption: "Files by the time since their last change",
    isCaptionHidden: true,
    rows,
    columns: [
      {
        head: "Last change",
        kind: "header",
        cell: (row) => html`<span class="swatch g${row.step}" aria-hidden="true"></span>${row.age}`,
      },
      { head: "Files", kind: "number", cell: (row) => formatCount(row.files) },
      { head: "Share", kind: "number", cell: (row) => percent(row.files / files) },
      { head: "Lines", kind: "number", cell: (row) => formatCount(row.lines) },
      { head: "Share of lines", kind: "number", cell: (row) => percent(row.lines / lines), isMinor: true },
    ],
  })}`;
}
