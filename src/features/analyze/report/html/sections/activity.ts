import { formatCount } from "../../../../../base/text.ts";
import type { Analysis } from "../../../../../contracts/analysis.ts";
import { columnChart } from "../charts/columns.ts";
import { bucketActivity, commitsByYear, withoutWrongClocks } from "../charts/time-buckets.ts";
import { timelineChart } from "../charts/timeline.ts";
import { barCell, dataTable } from "../data-table.ts";
import { html, type Html } from "../markup.ts";
import { panel, type Section } from "../panel.ts";
import { clip, day, percent, plural, timeSpan } from "../wording.ts";

const weekdayNames = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

/** When the work was done: over the years, by weekday and hour, what kind, and what was released. */
export function activitySection({ history }: Analysis): Section | null {
  const { firstCommitAt: from, lastCommitAt: to } = history;
  if (history.commits === 0 || from === null || to === null) return null;
  const { activity, leftOut } = withoutWrongClocks(history.activity);
  const years = commitsByYear(history.activity);
  const busiestYear = years.reduce((best, year) => (year.commits > best.commits ? year : best), {
    year: "",
    commits: 1,
  });
  return {
    id: "activity",
    title: "Activity",
    remark: `${day(from)} to ${day(to)}, ${timeSpan(from, to)}`,
    body: [
      panel(
        `Commits by ${bucketActivity(activity).unit}`,
        timelineNote(history.tags.length, leftOut),
        timelineChart({ activity, tags: history.tags }),
      ),
      panel("Weekday", weekdayNote(history.weekdays), weekdayChart(history.weekdays), "third"),
      panel("Hour of day", hourNote(history.hours), hourChart(history.hours), "two-thirds"),
      panel(
        "Kinds of commits",
        "By Conventional Commits prefix, else by the subject’s first words; merges left out.",
        commitTypes(history.commitTypes),
        "third",
      ),
      panel(
        "Years",
        `Busiest: ${busiestYear.year} with ${plural(busiestYear.commits, "commit")}.`,
        dataTable({
          id: "years",
          caption: "Commits by year",
          isCaptionHidden: true,
          rows: years,
          shown: 10,
          columns: [
            { head: "Year", kind: "header", cell: (row) => row.year },
            { head: "Commits", kind: "number", cell: (row) => formatCount(row.commits) },
            { head: "", kind: "wide", cell: (row) => barCell(row.commits / busiestYear.commits) },
          ],
        }),
        "third",
      ),
      panel(
        "Releases",
        releaseNote(history.tags),
        dataTable({
          id: "releases",
          caption: "Tags, newest first",
          isCaptionHidden: true,
          rows: history.tags,
          shown: 10,
          most: 40,
          columns: [
            { head: "Tag", kind: "header", cell: (row) => clip(row.name, 40) },
            { head: "Date", kind: "number", cell: (row) => day(row.at) },
            { head: "Commit", kind: "number", cell: (row) => html`<code>${row.commit.slice(0, 8)}</code>` },
          ],
        }),
        "third",
      ),
    ],
  };
}

function weekdayChart(weekdays: readonly number[]): Html | null {
  const columns = weekdayNames.map((name, index) => ({
    value: weekdays[index] ?? 0,
    name,
    label: name.slice(0, 2),
  }));
  return columnChart(
    {
      id: "weekdays",
      title: "Commits by weekday",
      description: columns.map((column) => `${column.name} ${column.value}`).join(", "),
    },
    columns,
  );
}

function hourChart(hours: readonly number[]): Html | null {
  const columns = hours.map((value, hour) => ({
    value,
    name: `${pad(hour)}:00 to ${pad(hour)}:59`,
    label: hour % 3 === 0 ? String(hour) : "",
  }));
  return columnChart(
    {
      id: "hours",
      title: "Commits by hour of day",
      description: columns.map((column, hour) => `${hour}: ${column.value}`).join(", "),
    },
    columns,
  );
}

function timelineNote(tags: number, leftOut: number): string {
  const marks = tags === 0 ? "" : `The marks beneath are ${plural(tags, "tag")}. `;
  const clocks =
    leftOut === 0
      ? ""
      : `${plural(leftOut, "commit")} dated years apart from all others ${leftOut === 1 ? "is" : "are"} left out.`;
  return `${marks}${clocks}`.trim();
}

function weekdayNote(weekdays: readonly number[]): string {
  const weekend = (weekdays[5] ?? 0) + (weekdays[6] ?? 0);
  return `${percent(weekend / Math.max(1, sum(weekdays)))} on weekends`;
}

function hourNote(hours: readonly number[]): string {
  return `${percent(sum(hours.slice(9, 18)) / Math.max(1, sum(hours)))} between 9:00 and 18:00, in the authors’ own time zones`;
}

function commitTypes(types: Analysis["history"]["commitTypes"]): Html | null {
  const total = sum(types.map((entry) => entry.commits));
  const most = Math.max(1, ...types.map((entry) => entry.commits));
  return dataTable({
    id: "types",
    caption: "Commits by kind",
    isCaptionHidden: true,
    rows: types,
    shown: 10,
    most: 30,
    columns: [
      { head: "Kind", kind: "header", cell: (row) => clip(row.type, 30) },
      { head: "Commits", kind: "number", cell: (row) => formatCount(row.commits) },
      { head: "Share", kind: "number", cell: (row) => percent(row.commits / total) },
      { head: "", kind: "wide", cell: (row) => barCell(row.commits / most) },
    ],
  });
}

function releaseNote(tags: Analysis["history"]["tags"]): string {
  const times = tags
    .map((tag) => Date.parse(tag.at))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  if (times.length < 3) return "";
  const gaps = times
    .slice(1)
    .map((time, index) => time - times[index]!)
    .sort((a, b) => a - b);
  const days = gaps[Math.floor(gaps.length / 2)]! / 86_400_000;
  return days < 1
    ? "Half of them followed within a day of the one before."
    : `Median ${plural(Math.round(days), "day")} from one to the next.`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function pad(hour: number): string {
  return String(hour).padStart(2, "0");
}
