import { formatBytes, formatCount } from "../../../../../base/text.ts";
import type { Analysis, AnalysisStructure } from "../../../../../contracts/analysis.ts";
import { barCell, dataTable } from "../data-table.ts";
import { html, type Html } from "../markup.ts";
import { panel, type Section } from "../panel.ts";
import { clip, pathText, percent, places, plural } from "../wording.ts";

const shown = 8;
const most = 30;

/** What lies where: folders, entry points, scripts, workspaces, documents, tests, environment, licences. */
export function structureSection({ structure }: Analysis): Section | null {
  const { entryPoints, scripts, workspaces, docs, environment, largestFiles } = structure;
  if (structure.files === 0) return null;
  return {
    id: "structure",
    title: "Structure",
    remark: `${plural(structure.files, "file")}${structure.bytes > 0 ? `, ${formatBytes(structure.bytes)}` : ""}`,
    body: [
      panel("Folders", "", folderTable(structure), "half"),
      panel(
        "Largest files",
        "",
        dataTable({
          id: "largest-files",
          caption: "Largest files",
          isCaptionHidden: true,
          rows: largestFiles,
          shown: 10,
          most,
          columns: [
            { head: "File", kind: "header", cell: (row) => pathText(row.path) },
            { head: "Size", kind: "number", cell: (row) => formatBytes(row.bytes) },
          ],
        }),
        "half",
      ),
      panel(
        "Entry points",
        "",
        dataTable({
          id: "entries",
          caption: "Entry points",
          isCaptionHidden: true,
          rows: entryPoints,
          shown,
          most,
          columns: [
            { head: "File", kind: "header", cell: (row) => pathText(row.path, row.line) },
            { head: "Name", cell: (row) => clip(row.name, 40) },
            { head: "Why", cell: (row) => html`<span class="quiet">${clip(row.why, 80)}</span>` },
          ],
        }),
        "half",
      ),
      panel(
        "Workspaces",
        "",
        dataTable({
          id: "workspaces",
          caption: "Workspaces",
          isCaptionHidden: true,
          rows: workspaces,
          shown,
          most,
          columns: [
            { head: "Name", kind: "header", cell: (row) => clip(row.name, 60) },
            { head: "Folder", cell: (row) => pathText(row.path) },
            { head: "Ecosystem", cell: (row) => clip(row.ecosystem, 30) },
          ],
        }),
        "half",
      ),
      panel(
        "Scripts",
        "",
        dataTable({
          id: "scripts",
          caption: "Scripts",
          isCaptionHidden: true,
          rows: scripts,
          shown,
          most,
          columns: [
            { head: "Run", kind: "header", cell: (row) => html`<code>${clip(row.run, 60)}</code>` },
            { head: "Command", cell: (row) => html`<code>${clip(row.command, 200)}</code>` },
            { head: "Declared in", cell: (row) => pathText(row.path, row.line) },
          ],
        }),
      ),
      panel(
        "Environment variables",
        "Read in code.",
        dataTable({
          id: "environment",
          caption: "Environment variables",
          isCaptionHidden: true,
          rows: environment,
          shown,
          most,
          columns: [
            { head: "Name", kind: "header", cell: (row) => html`<code>${clip(row.name, 60)}</code>` },
            { head: "Read in", cell: (row) => places(row.uses, 2) },
          ],
        }),
        "half",
      ),
      panel(
        "Documents",
        "",
        dataTable({
          id: "docs",
          caption: "Documents",
          isCaptionHidden: true,
          rows: docs,
          shown,
          most,
          columns: [
            { head: "File", kind: "header", cell: (row) => pathText(row.path) },
            { head: "Kind", cell: (row) => clip(row.kind, 30).replaceAll("-", " ") },
          ],
        }),
        "half",
      ),
      panel("Tests", testsNote(structure), paths(structure.tests.paths), "half"),
      panel(
        "Licences",
        "",
        dataTable({
          id: "licences",
          caption: "Licences",
          isCaptionHidden: true,
          rows: structure.licences,
          shown,
          most,
          columns: [
            { head: "Licence", kind: "header", cell: (row) => clip(row.spdx, 60) },
            {
              head: "File",
              cell: (row) =>
                row.path === null ? html`<span class="quiet">named in a manifest</span>` : pathText(row.path),
            },
            { head: "Match", kind: "number", cell: (row) => percent(row.confidence) },
          ],
        }),
        "half",
      ),
    ],
  };
}

function folderTable(structure: AnalysisStructure): Html | null {
  const top = structure.directories
    .filter((folder) => folder.path !== "." && !folder.path.includes("/"))
    .toSorted((a, b) => b.bytes - a.bytes);
  const largest = Math.max(1, ...top.map((folder) => folder.bytes));
  return dataTable({
    id: "folders",
    caption: "Top folders",
    isCaptionHidden: true,
    rows: top,
    shown: 10,
    most,
    columns: [
      { head: "Folder", kind: "header", cell: (row) => pathText(`${row.path}/`) },
      { head: "Files", kind: "number", cell: (row) => formatCount(row.files) },
      { head: "Size", kind: "number", cell: (row) => formatBytes(row.bytes) },
      { head: "", kind: "wide", cell: (row) => barCell(row.bytes / largest) },
    ],
  });
}

function testsNote({ tests }: AnalysisStructure): string {
  return tests.files === 0 ? "" : `${plural(tests.files, "file")}, ${formatBytes(tests.bytes)}`;
}

function paths(list: readonly string[]): Html | null {
  if (list.length === 0) return null;
  const rest = list.length - 20;
  return html`<ul class="places">
    ${list.slice(0, 20).map((path) => html`<li>${pathText(path)}</li>`)}${rest > 0 && html`<li class="quiet">and ${formatCount(rest)} more</li>`}
  </ul>`;
}
