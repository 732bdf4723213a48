import { formatCount } from "../../../../../base/text.ts";
import type { Analysis } from "../../../../../contracts/analysis.ts";
import { dataTable } from "../data-table.ts";
import { html, type Html } from "../markup.ts";
import { panel, type Section } from "../panel.ts";
import { clip, pathText, plural } from "../wording.ts";

type Dependency = Analysis["dependencies"][number];

/** Rows over all ecosystems: what keeps the page of a large monorepo under half a megabyte. */
const mostRows = 500;
/** Every ecosystem gets at least this many, however large another one is. */
const leastRows = 20;
const openUpTo = 40;
const scopes: readonly Dependency["scope"][] = [
  "runtime",
  "optional",
  "peer",
  "build",
  "development",
  "test",
];

export function dependenciesSection({ dependencies }: Analysis): Section | null {
  if (dependencies.length === 0) return null;
  const ecosystems = [...Map.groupBy(dependencies, (dependency) => dependency.ecosystem)].sort(
    (a, b) => b[1].length - a[1].length,
  );
  const manifests = new Set(dependencies.map((dependency) => dependency.manifest)).size;
  return {
    id: "dependencies",
    title: "Dependencies",
    remark: `${formatCount(dependencies.length)} declared in ${plural(manifests, "manifest")}`,
    body: panel(
      "By ecosystem",
      "What manifests ask for; “locked” is what the lock file holds.",
      html` <p class="filter" hidden>
          <label for="dependency-filter">Filter</label>
          <input type="search" id="dependency-filter" autocomplete="off" spellcheck="false" />
          <output for="dependency-filter"></output>
        </p>
        ${ecosystems.map(([ecosystem, rows], index) => ecosystemDetails(ecosystem, rows, index, Math.max(leastRows, Math.floor((rows.length / dependencies.length) * mostRows)), index === 0 && rows.length <= openUpTo))}`,
    ),
  };
}

function ecosystemDetails(
  ecosystem: string,
  rows: readonly Dependency[],
  index: number,
  most: number,
  isOpen: boolean,
): Html {
  const sorted = rows.toSorted(
    (a, b) =>
      scopes.indexOf(a.scope) - scopes.indexOf(b.scope) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
  const byScope = scopes
    .map((scope) => ({ scope, count: rows.filter((row) => row.scope === scope).length }))
    .filter((entry) => entry.count > 0);
  return html`<details class="ecosystem" ${isOpen ? html` open` : null}>
    <summary>
      <strong>${clip(ecosystem, 40)}</strong> <span class="count">${formatCount(rows.length)}</span>
      <span class="quiet"
        >${byScope.map((entry) => `${formatCount(entry.count)} ${entry.scope}`).join(", ")}</span
      >
    </summary>
    ${dataTable<Dependency>({
      id: `dependencies-${index}`,
      caption: `${clip(ecosystem, 40)} dependencies`,
      isCaptionHidden: true,
      rows: sorted,
      shown: most,
      most,
      columns: [
        { head: "Name", kind: "header", cell: (row) => clip(row.name, 80) },
        { head: "Asked for", cell: (row) => html`<code>${clip(row.requirement, 40)}</code>` },
        {
          head: "Locked",
          cell: (row) =>
            row.version === undefined ? html`<span class="quiet">–</span>` : clip(row.version, 30),
        },
        { head: "Scope", cell: scopeText },
        { head: "Declared in", cell: (row) => pathText(row.manifest, row.line) },
      ],
    })}
  </details> `;
}

function scopeText(row: Dependency): Html {
  const remarks = [row.indirect === true && "indirect", row.shared === true && "shared version"].filter(
    (remark) => remark !== false,
  );
  return html`${row.scope}${remarks.length > 0 && html`<span class="quiet">, ${remarks.join(", ")}</span>`}`;
}
