import { formatBytes, formatCount, printableLine } from "../../../base/text.ts";
import type { Analysis } from "../../../contracts/analysis.ts";
import { languageInfo } from "../../../core/repository/languages/language-info.ts";
import { groupPersons } from "../history/group-persons.ts";
import { bar, fit, fitPath, paint, sparkline, type Style } from "./style.ts";
import { table } from "./table.ts";

/** Sections of the terminal report. Each gets the part it shows and gives lines without newlines. */

const shownLanguages = 8;
const shownPeople = 8;
const shownRows = 8;
const nameColumns = 28;

export function headerSection(repository: Analysis["repository"], style: Style): string[] {
  const where = `${repository.branch === null ? "" : `${repository.branch} `}@ ${repository.head.slice(0, 10)}`;
  const title = `${paint(style, "bold", fit(repository.name, 60))}  ${paint(style, "cyan", fit(where, 60))}`;
  return [
    "",
    title,
    paint(style, "dim", fitPath(repository.source, style.columns)),
    ...(repository.since === null
      ? []
      : [paint(style, "dim", fit(`history since ${repository.since}`, style.columns))]),
  ];
}

export function languagesSection(languages: Analysis["languages"], style: Style): string[] {
  const counted = languages.filter((language) => language.code > 0 || language.share > 0);
  if (counted.length === 0) return [];
  const barWidth = Math.max(8, Math.min(30, style.columns - 70));
  // A dialect (TSX) stands beside the language it is counted as.
  const groupShare = new Map(counted.map((language) => [language.name, language.share]));
  const rank = (language: Analysis["languages"][number]): number =>
    Math.max(language.share, groupShare.get(languageInfo(language.name).group) ?? 0);
  const byShare = counted.toSorted((a, b) => rank(b) - rank(a) || b.share - a.share || b.code - a.code);
  const rows = byShare.slice(0, shownLanguages);
  const rest = byShare.slice(shownLanguages);
  const total = counted.reduce(
    (sum, language) => ({
      code: sum.code + language.code,
      comments: sum.comments + language.comments,
      files: sum.files + language.files,
    }),
    { code: 0, comments: 0, files: 0 },
  );
  return [
    ...heading(
      "Languages",
      `${formatCount(total.code)} lines of code, ${formatCount(total.comments)} of comments in ${formatCount(total.files)} files`,
      style,
    ),
    ...table(rows, [
      { cell: (row) => fit(row.name, nameColumns) },
      { cell: (row) => (row.share > 0 ? `${row.share.toFixed(1)} %` : ""), side: "right" },
      { cell: (row) => paint(style, "blue", bar(row.share / 100, barWidth)) },
      { cell: (row) => (row.files === 0 ? "" : formatCount(row.code)), side: "right" },
      {
        cell: (row) =>
          paint(style, "dim", row.files === 0 ? "its dialects" : `in ${plural(row.files, "file")}`),
        side: "right",
      },
    ]),
    ...(rest.length === 0
      ? []
      : [
          paint(
            style,
            "dim",
            fit(
              `  and ${rest.length} more: ${rest.map((language) => language.name).join(", ")}`,
              style.columns,
            ),
          ),
        ]),
  ];
}

export function stackSection(
  stack: Analysis["stack"],
  dependencies: Analysis["dependencies"],
  style: Style,
): string[] {
  if (stack.length === 0 && dependencies.length === 0) return [];
  const byCategory = Map.groupBy(stack, (item) => item.category);
  const rows = [...byCategory].map(([category, items]) => ({
    category,
    text: items
      .map((item) => `${item.name}${item.version === undefined ? "" : ` ${item.version}`}`)
      .join(", "),
  }));
  const byEcosystem = [...Map.groupBy(dependencies, (dependency) => dependency.ecosystem)].map(
    ([ecosystem, all]) => {
      const runtime = new Set(
        all.filter((dependency) => dependency.scope === "runtime").map((dependency) => dependency.name),
      ).size;
      const names = new Set(all.map((dependency) => dependency.name)).size;
      return `${ecosystem} ${names}${runtime === names ? "" : ` (${runtime} at run time)`}`;
    },
  );
  const width = Math.max(
    0,
    ...rows.map((row) => row.category.length),
    byEcosystem.length > 0 ? "dependencies".length : 0,
  );
  const line = (label: string, text: string): string[] => wrapped(text, label, width, style);
  return [
    ...heading(
      "Stack",
      `${plural(stack.length, "technology", "technologies")}, ${plural(dependencies.length, "dependency", "dependencies")}`,
      style,
    ),
    ...rows.flatMap((row) => line(row.category, row.text)),
    ...(byEcosystem.length === 0 ? [] : line("dependencies", byEcosystem.join(", "))),
  ];
}

export function structureSection(structure: Analysis["structure"], style: Style): string[] {
  const licence = structure.licence === null ? "no licence found" : `${structure.licence.spdx} licence`;
  const rows: (readonly [string, string])[] = [];
  const list = (label: string, items: readonly string[], most: number): void => {
    if (items.length > 0)
      rows.push([
        label,
        items.slice(0, most).join(", ") + (items.length > most ? `, … (${items.length})` : ""),
      ]);
  };
  list("entry points", [...new Set(structure.entryPoints.map((entry) => entry.path))], 6);
  list("scripts", [...new Set(structure.scripts.map((script) => script.name))], 12);
  list(
    "workspaces",
    structure.workspaces.map((workspace) => workspace.path),
    10,
  );
  if (structure.tests.files > 0)
    rows.push([
      "tests",
      `${plural(structure.tests.files, "file")} in ${structure.tests.paths.slice(0, 5).join(", ")}${structure.tests.paths.length > 5 ? ", …" : ""}`,
    ]);
  list(
    "docs",
    structure.docs.map((doc) => doc.path),
    6,
  );
  list(
    "environment",
    structure.environment.map((variable) => variable.name),
    10,
  );
  list(
    "largest files",
    structure.largestFiles.slice(0, 4).map((file) => `${file.path} ${formatBytes(file.bytes)}`),
    4,
  );
  const width = Math.max(0, ...rows.map(([label]) => label.length));
  const folders = structure.directories
    .filter((directory) => directory.path !== "." && !directory.path.includes("/"))
    .toSorted((a, b) => b.bytes - a.bytes)
    .slice(0, 6);
  return [
    ...heading(
      "Structure",
      `${plural(structure.files, "file")}, ${formatBytes(structure.bytes)}, ${licence}`,
      style,
    ),
    ...(folders.length === 0
      ? []
      : table(folders, [
          { cell: (row) => fitPath(`${row.path}/`, nameColumns) },
          { cell: (row) => plural(row.files, "file"), side: "right" },
          { cell: (row) => formatBytes(row.bytes), side: "right" },
          {
            cell: (row) =>
              paint(
                style,
                "blue",
                bar(row.bytes / Math.max(1, structure.bytes), Math.max(8, Math.min(30, style.columns - 60))),
              ),
          },
        ])),
    ...rows.flatMap(([label, text]) => wrapped(text, label, width, style)),
  ];
}

export function historySection(history: Analysis["history"], style: Style): string[] {
  const { firstCommitAt, lastCommitAt } = history;
  if (firstCommitAt === null || lastCommitAt === null)
    return heading("History", "no commits in this range", style);
  const years = (Date.parse(lastCommitAt) - Date.parse(firstCommitAt)) / (365.25 * 86_400_000);
  const span =
    years >= 1
      ? `${years.toFixed(years < 10 ? 1 : 0)} years`
      : plural(Math.max(1, Math.round(years * 365.25)), "day");
  const width = Math.min(72, style.columns - 4);
  const first = firstCommitAt.slice(0, 7);
  const last = lastCommitAt.slice(0, 7);
  const line = sparkline(
    history.activity.map((week) => week.commits),
    width,
  );
  const days = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
    .map((day, index) => `${day} ${sparkPart(history.weekdays, index)}`)
    .join(" ");
  const typed = history.commitTypes.filter((entry) => entry.type !== "other").slice(0, 6);
  const ordinary = history.commitTypes.reduce((sum, entry) => sum + entry.commits, 0);
  return [
    ...heading(
      "History",
      `${plural(history.commits, "commit")} (${formatCount(history.merges)} merges) by ${plural(history.people, "person", "people")} in ${span}`,
      style,
    ),
    `  ${paint(style, "green", line)}`,
    paint(
      style,
      "dim",
      first === last
        ? `  ${first}`
        : `  ${first}${" ".repeat(Math.max(1, Array.from(line).length - first.length - last.length))}${last}`,
    ),
    `  ${paint(style, "dim", "by day ")} ${days}   ${paint(style, "dim", "by hour ")} ${paint(style, "dim", "0 ")}${sparkline(history.hours, 24)}${paint(style, "dim", " 23")}`,
    ...(typed.length === 0
      ? []
      : wrapped(
          typed.map((entry) => `${entry.type} ${percent(entry.commits / Math.max(1, ordinary))}`).join(", "),
          "commits",
          7,
          style,
        )),
    ...(history.tags.length === 0
      ? []
      : wrapped(
          `${plural(history.tags.length, "tag")}, latest ${history.tags
            .slice(0, 3)
            .map((tag) => `${tag.name} (${tag.at.slice(0, 10)})`)
            .join(", ")}`,
          "releases",
          8,
          style,
        )),
    ...(history.fileAges.length === 0
      ? []
      : wrapped(
          history.fileAges
            .filter((age) => age.files > 0)
            .map((age) => `${age.age} ${formatCount(age.files)}`)
            .join(", "),
          "files by last change",
          20,
          style,
        )),
  ];
}

export function peopleSection(history: Analysis["history"], style: Style): string[] {
  if (history.authors.length === 0) return [];
  const people = groupPersons(history.authors);
  const most = people[0]!.commits;
  const barWidth = Math.max(8, Math.min(24, style.columns - 70));
  const hasLines = history.linesAdded !== null;
  return [
    ...heading(
      "People",
      `${hasLines ? `${paint(style, "green", `+${formatCount(history.linesAdded ?? 0)}`)} ${paint(style, "red", `-${formatCount(history.linesDeleted ?? 0)}`)} lines over all commits, ` : ""}bus factor ${history.busFactor} (${history.keyAuthors
        .slice(0, 3)
        .map((author) => printableLine(author.name))
        .join(", ")}${history.keyAuthors.length > 3 ? ", …" : ""})`,
      style,
    ),
    ...table(people.slice(0, shownPeople), [
      { cell: (row) => fit(row.name, nameColumns) },
      { cell: (row) => formatCount(row.commits), side: "right" },
      { cell: (row) => paint(style, "magenta", bar(row.commits / most, barWidth)) },
      {
        cell: (row) => (hasLines ? paint(style, "green", `+${formatCount(row.linesAdded ?? 0)}`) : ""),
        side: "right",
      },
      {
        cell: (row) => (hasLines ? paint(style, "red", `-${formatCount(row.linesDeleted ?? 0)}`) : ""),
        side: "right",
      },
      {
        cell: (row) =>
          paint(style, "dim", `${row.firstCommitAt.slice(0, 7)} – ${row.lastCommitAt.slice(0, 7)}`),
      },
    ]),
    ...(history.newAuthors.length === 0 ? [] : wrapped(names(history.newAuthors), "new", 7, style)),
    ...(history.leavingAuthors.length === 0
      ? []
      : wrapped(names(history.leavingAuthors), "leaving", 7, style)),
  ];
}

export function hotspotsSection(history: Analysis["history"], style: Style): string[] {
  const room = Math.max(30, style.columns - 44);
  return [
    ...(history.hotspots.length === 0
      ? []
      : [
          ...heading("Hotspots", "large files that change often", style),
          ...table(history.hotspots.slice(0, shownRows), [
            { cell: (row) => fitPath(row.path, room) },
            { cell: (row) => plural(row.commits, "commit"), side: "right" },
            { cell: (row) => plural(row.lines, "line"), side: "right" },
            { cell: (row) => paint(style, "red", bar(row.score, 10)) },
          ]),
        ]),
    ...(history.coupling.length === 0
      ? []
      : [
          ...heading("Change together", "pairs of files that are changed in the same commits", style),
          ...table(history.coupling.slice(0, 6), [
            { cell: (row) => percent(row.degree), side: "right" },
            { cell: (row) => fitPath(row.a, Math.floor((style.columns - 14) / 2)) },
            { cell: (row) => fitPath(row.b, Math.floor((style.columns - 14) / 2)) },
          ]),
        ]),
  ];
}

export function symbolsSection(symbols: Analysis["symbols"], style: Style): string[] {
  if (symbols.filesParsed === 0) return [];
  const room = Math.max(30, style.columns - 40);
  return [
    ...heading(
      "Code",
      `${plural(symbols.functions, "function")}, ${plural(symbols.classes, "class", "classes")}, ${plural(symbols.types, "type")} in ${plural(symbols.filesParsed, "file")}`,
      style,
    ),
    ...(symbols.mostComplex.length === 0
      ? []
      : [paint(style, "dim", "  most complex functions (cyclomatic complexity, lines)")]),
    ...table(symbols.mostComplex.slice(0, shownRows), [
      {
        cell: (row) => paint(style, row.complexity > 50 ? "red" : "yellow", String(row.complexity)),
        side: "right",
      },
      { cell: (row) => formatCount(row.lines), side: "right" },
      { cell: (row) => fit(row.name, 36) },
      { cell: (row) => paint(style, "dim", `${fitPath(row.path, room - 12)}:${row.line}`) },
    ]),
  ];
}

export function warningsSection(warnings: Analysis["warnings"], style: Style): string[] {
  if (warnings.length === 0) return [];
  const byCode = [...Map.groupBy(warnings, (warning) => warning.code)];
  const lines = byCode.flatMap(([code, list]) => {
    const first = list[0]!;
    const place = first.path === undefined ? "" : `${fitPath(first.path, 50)}: `;
    const more = list.length > 1 ? ` (and ${list.length - 1} more; all with --json)` : "";
    return wrapped(
      `${place}${printableLine(first.message)}${more}`,
      code,
      Math.max(...byCode.map(([other]) => other.length)),
      style,
      "yellow",
    );
  });
  return [...heading("Warnings", "", style), ...lines];
}

function heading(title: string, remark: string, style: Style): string[] {
  return ["", `${paint(style, "bold", title)}${remark === "" ? "" : `  ${paint(style, "dim", remark)}`}`];
}

/** A label and a list that may need several lines. */
function wrapped(
  text: string,
  label: string,
  labelWidth: number,
  style: Style,
  tone: "dim" | "yellow" = "dim",
): string[] {
  const room = Math.max(20, style.columns - labelWidth - 4);
  const lines: string[] = [];
  let line = "";
  for (const word of printableLine(text).split(" ")) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = "";
    }
    line += (line === "" ? "" : " ") + fit(word, room);
  }
  lines.push(line);
  return lines.map(
    (part, index) => `  ${paint(style, tone, (index === 0 ? label : "").padEnd(labelWidth))}  ${part}`,
  );
}

function names(people: readonly { readonly name: string; readonly commits: number }[]): string {
  const shown = people
    .slice(0, 6)
    .map((person) => `${printableLine(person.name)} (${formatCount(person.commits)})`);
  return (
    shown.join(", ") +
    (people.length > 6 ? `, … (${people.length}${people.length === 25 ? " or more" : ""})` : "")
  );
}

function sparkPart(values: readonly number[], index: number): string {
  return sparkline(values, values.length)[index]!;
}

function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
