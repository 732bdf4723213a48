import { formatCount } from "../../../../../base/text.ts";
import type { AnalysisHistory } from "../../../../../contracts/analysis.ts";
import { dataTable } from "../data-table.ts";
import { html, type Html } from "../markup.ts";
import { clip, pathText, percent } from "../wording.ts";

type Folder = AnalysisHistory["ownership"][number];

/** People with a colour of their own; more cannot be told apart. */
const colouredPeople = 6;

export function ownershipTable(ownership: readonly Folder[]): Html | null {
  if (ownership.length === 0) return null;
  const colours = personColours(ownership);
  const legend = [...colours].map(
    ([name, colour]) =>
      html`<li><span class="swatch p${colour}" aria-hidden="true"></span>${clip(name, 40)}</li>`,
  );
  return html`<ul class="legend-list">
      ${legend}
      <li><span class="swatch pn" aria-hidden="true"></span>others</li>
    </ul>
    ${dataTable<Folder>({
      id: "ownership",
      caption: "Folders with those who changed them most",
      isCaptionHidden: true,
      rows: ownership,
      shown: 10,
      most: 30,
      columns: [
        {
          head: "Folder",
          kind: "header",
          cell: (row) => (row.path === "." ? "(top)" : pathText(`${row.path}/`)),
        },
        { head: "Commits", kind: "number", cell: (row) => formatCount(row.commits) },
        { head: "Owners", kind: "wide", cell: (row) => ownerBar(row, colours) },
        { head: "Most by", cell: (row) => topOwner(row), isMinor: true },
      ],
    })}`;
}

/** Those who own most over all folders, each with the number of its colour. */
export function personColours(ownership: readonly Folder[]): Map<string, number> {
  const commits = new Map<string, number>();
  for (const folder of ownership)
    for (const owner of folder.owners)
      commits.set(owner.name, (commits.get(owner.name) ?? 0) + owner.share * folder.commits);
  const most = [...commits].sort((a, b) => b[1] - a[1]).slice(0, colouredPeople);
  return new Map(most.map(([name], index) => [name, index]));
}

function ownerBar(folder: Folder, colours: ReadonlyMap<string, number>): Html {
  const parts = folder.owners.map(
    (owner) =>
      html`<i
        class="p${colours.get(owner.name) ?? "n"}"
        style="width:${(Math.max(0, Math.min(1, owner.share)) * 100).toFixed(1)}%"
        title="${`${clip(owner.name, 40)} ${percent(owner.share)}`}"
      ></i>`,
  );
  return html`<span class="owners">${parts}</span>`;
}

function topOwner(folder: Folder): Html | null {
  const [top] = folder.owners;
  return top === undefined
    ? null
    : html`<span class="quiet">${clip(top.name, 30)} ${percent(top.share)}</span>`;
}
