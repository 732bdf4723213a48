import stringWidth from "string-width";
import { formatCount, printableLine } from "../../../base/text.ts";
import type { Analysis } from "../../../contracts/analysis.ts";
import { groupPersons } from "../../../core/analysis/history/group-persons.ts";
import { heading, percent, plural, wrapped } from "./layout.ts";
import { bar, fit, fitPath, paint, sparkline, type Style } from "../../../base/style.ts";
import { table } from "./table.ts";

/** Sections of the terminal report about history: what happened, who did it, and where. */

const shownPeople = 8;
const shownRows = 8;
const nameColumns = 28;

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
    .map((day, index) => `${day}${sparkPart(history.weekdays, index)}`)
    .join(" ");
  const byDay = `${paint(style, "dim", "by day ")} ${days}`;
  const byHour = `${paint(style, "dim", "by hour  0")} ${sparkline(history.hours, 24)} ${paint(style, "dim", "23")}`;
  const fitsOneLine = stringWidth(byDay) + stringWidth(byHour) + 5 <= style.columns;
  const typed = history.commitTypes.filter((entry) => entry.type !== "other").slice(0, 6);
  const ordinary = history.commitTypes.reduce((sum, entry) => sum + entry.commits, 0);
  return [
    ...heading(
      "History",
      `${plural(history.commits, "commit")} (${plural(history.merges, "merge")}) by ${plural(history.people, "person", "people")} in ${span}`,
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
    ...(fitsOneLine ? [`  ${byDay}   ${byHour}`] : [`  ${byDay}`, `  ${byHour}`]),
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
  const lines = hasLines
    ? [
        paint(style, "green", `+${formatCount(history.linesAdded ?? 0)}`),
        paint(style, "red", `-${formatCount(history.linesDeleted ?? 0)}`),
        "lines over all commits, ",
      ].join(" ")
    : "";
  const key = history.keyAuthors.slice(0, 3).map((author) => fit(author.name, nameColumns));
  const keyNames =
    key.length === 0 ? "" : ` (${key.join(", ")}${history.keyAuthors.length > key.length ? ", …" : ""})`;
  return [
    ...heading("People", `${lines}bus factor ${history.busFactor}${keyNames}`, style),
    ...table<(typeof people)[number]>(
      people.slice(0, shownPeople),
      [
        { text: (row) => row.name, shorten: fit, most: nameColumns },
        { text: (row) => formatCount(row.commits), side: "right" },
        { text: (row) => bar(row.commits / most, barWidth), tone: "magenta", isExtra: true },
        {
          text: (row) => (hasLines ? `+${formatCount(row.linesAdded ?? 0)}` : ""),
          side: "right",
          tone: "green",
          isExtra: true,
        },
        {
          text: (row) => (hasLines ? `-${formatCount(row.linesDeleted ?? 0)}` : ""),
          side: "right",
          tone: "red",
          isExtra: true,
        },
        {
          text: (row) => `${row.firstCommitAt.slice(0, 7)} – ${row.lastCommitAt.slice(0, 7)}`,
          tone: "dim",
          isExtra: true,
        },
      ],
      style,
    ),
    ...(history.newAuthors.length === 0 ? [] : wrapped(names(history.newAuthors), "new", 7, style)),
    ...(history.leavingAuthors.length === 0
      ? []
      : wrapped(names(history.leavingAuthors), "leaving", 7, style)),
  ];
}

export function hotspotsSection(history: Analysis["history"], style: Style): string[] {
  return [
    ...(history.hotspots.length === 0
      ? []
      : [
          ...heading("Hotspots", "large files that change often", style),
          ...table<Analysis["history"]["hotspots"][number]>(
            history.hotspots.slice(0, shownRows),
            [
              { text: (row) => row.path, shorten: fitPath },
              { text: (row) => plural(row.commits, "commit"), side: "right" },
              { text: (row) => plural(row.lines, "line"), side: "right", isExtra: true },
              { text: (row) => bar(row.score, 10), tone: "red", isExtra: true },
            ],
            style,
          ),
        ]),
    ...(history.coupling.length === 0
      ? []
      : [
          ...heading("Change together", "pairs of files that are changed in the same commits", style),
          ...table<Analysis["history"]["coupling"][number]>(
            history.coupling.slice(0, 6),
            [
              { text: (row) => percent(row.degree), side: "right" },
              { text: (row) => row.a, shorten: fitPath },
              { text: (row) => row.b, shorten: fitPath },
            ],
            style,
          ),
        ]),
  ];
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
