import { formatCount } from "../../../../../base/text.ts";
import type { Analysis, AnalysisHistory } from "../../../../../contracts/analysis.ts";
import { barCell, dataTable, type Column } from "../data-table.ts";
import { html, type Html } from "../markup.ts";
import { panel, type Section } from "../panel.ts";
import { clip, month, plural } from "../wording.ts";
import { mergeIdentities, type Person } from "./identities.ts";
import { ownershipTable } from "./ownership.ts";

/** Who did the work. Mail addresses stay out of the page: it is made to be passed on. */
export function peopleSection({ history }: Analysis): Section | null {
  if (history.authors.length === 0) return null;
  return {
    id: "people",
    title: "People",
    remark: `${plural(history.people, "person", "people")}, bus factor ${formatCount(history.busFactor)}`,
    body: [
      panel(
        "Authors",
        `Commits with merges, after .mailmap; identities of one person are put together${history.linesAdded === null ? "; changed lines were not counted" : ""}. The last column is the time from the first to the last commit.`,
        authorTable(history),
      ),
      panel(
        "Ownership by folder",
        "Commits to each folder by the people who changed it most.",
        ownershipTable(history.ownership),
      ),
      panel(
        "Bus factor",
        "The fewest people without whom more than half of the files have no author left.",
        dataTable({
          id: "key",
          caption: "People the bus factor counts",
          isCaptionHidden: true,
          rows: history.keyAuthors,
          shown: 8,
          most: 25,
          columns: [
            { head: "Name", kind: "header", cell: (row) => clip(row.name, 40) },
            { head: "Files", kind: "number", cell: (row) => formatCount(row.files) },
          ],
        }),
        "third",
      ),
      panel(
        "New",
        "First commit within 180 days of the last commit.",
        dataTable({
          id: "new",
          caption: "New people",
          isCaptionHidden: true,
          rows: history.newAuthors,
          shown: 8,
          most: 25,
          columns: personColumns("Since", (row: AnalysisHistory["newAuthors"][number]) => row.firstCommitAt),
        }),
        "third",
      ),
      panel(
        "Gone quiet",
        "At least 10 commits and none within 365 days of the last commit.",
        dataTable({
          id: "quiet",
          caption: "People who have gone quiet",
          isCaptionHidden: true,
          rows: history.leavingAuthors,
          shown: 8,
          most: 25,
          columns: personColumns(
            "Last",
            (row: AnalysisHistory["leavingAuthors"][number]) => row.lastCommitAt,
          ),
        }),
        "third",
      ),
    ],
  };
}

function personColumns<Row extends { readonly name: string; readonly commits: number }>(
  head: string,
  at: (row: Row) => string,
): Column<Row>[] {
  return [
    { head: "Name", kind: "header", cell: (row) => clip(row.name, 40) },
    { head: "Commits", kind: "number", cell: (row) => formatCount(row.commits) },
    { head, kind: "number", cell: (row) => month(at(row)) },
  ];
}

function authorTable(history: AnalysisHistory): Html | null {
  const authors = mergeIdentities(history.authors);
  const most = Math.max(1, ...authors.map((author) => author.commits));
  const mostLines = Math.max(
    1,
    ...authors.map((author) => Math.max(author.linesAdded ?? 0, author.linesDeleted ?? 0)),
  );
  const from = Date.parse(history.firstCommitAt ?? "");
  const span = Math.max(1, Date.parse(history.lastCommitAt ?? "") - from);
  const lines: Column<Person>[] = [
    { head: "Added", kind: "number", cell: (row) => lineCount("+", row.linesAdded) },
    { head: "Deleted", kind: "number", cell: (row) => lineCount("−", row.linesDeleted) },
    { head: "Lines", cell: (row) => lineBar(row, mostLines), isMinor: true },
  ];
  return dataTable<Person>({
    id: "authors",
    caption: "Authors, most commits first",
    isCaptionHidden: true,
    rows: authors,
    shown: 12,
    most: 40,
    columns: [
      { head: "Name", kind: "header", cell: personName },
      { head: "Commits", kind: "number", cell: (row) => formatCount(row.commits) },
      { head: "", kind: "wide", cell: (row) => barCell(row.commits / most), isMinor: true },
      ...(history.linesAdded === null ? [] : lines),
      { head: "Active", cell: (row) => activeRange(row, from, span), isMinor: true },
    ],
  });
}

function personName(person: Person): Html {
  return html`${clip(person.name, 40)}${person.identities > 1 && html` <span class="quiet">${person.identities} identities</span>`}`;
}

function lineCount(sign: string, lines: number | null): Html {
  return lines === null ? html`<span class="quiet">–</span>` : html`${sign}${formatCount(lines)}`;
}

/** Deleted to the left of the middle, added to the right. The root keeps one import from flattening all others. */
function lineBar(author: Person, most: number): Html {
  const width = (lines: number | null): string => (Math.sqrt(Math.max(0, lines ?? 0) / most) * 50).toFixed(1);
  return html`<span class="diverging" aria-hidden="true"
    ><i class="minus" style="width:${width(author.linesDeleted)}%"></i
    ><i class="plus" style="width:${width(author.linesAdded)}%"></i
  ></span>`;
}

function activeRange(author: Person, from: number, span: number): Html {
  const start = Math.max(0, Math.min(1, (Date.parse(author.firstCommitAt) - from) / span || 0));
  const end = Math.max(start, Math.min(1, (Date.parse(author.lastCommitAt) - from) / span || 0));
  return html`<span class="range" aria-hidden="true"
      ><i style="left:${(start * 100).toFixed(1)}%;width:${((end - start) * 100).toFixed(1)}%"></i></span
    ><span class="dates">${month(author.firstCommitAt)} – ${month(author.lastCommitAt)}</span>`;
}
