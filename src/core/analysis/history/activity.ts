import type { AnalysisHistory } from "../../../contracts/analysis.ts";
import { commitTypes } from "../../repository/history/commit-facts.ts";
import { toInstant, type HistoryView } from "./view.ts";

const daySeconds = 86_400;
const weekSeconds = 7 * daySeconds;
/** 1970-01-01 was a Thursday; weeks start on Monday. */
const mondayOffset = 3 * daySeconds;
/** Clocks are wrong now and then; a commit from 1970 or 2106 must not make a hundred years of empty weeks. */
const maxWeeks = 60 * 53;

/** Commits by week, weekday, hour and kind. Time is when the author wrote the commit. */
export function summariseActivity(
  view: HistoryView,
): Pick<AnalysisHistory, "activity" | "weekdays" | "hours" | "commitTypes"> {
  const { facts } = view;
  const weeks = new Map<number, number>();
  const weekdays = Array.from({ length: 7 }, () => 0);
  const hours = Array.from({ length: 24 }, () => 0);
  const types = commitTypes.map(() => 0);
  for (const row of view.rows) {
    const at = facts.authoredAt[row]!;
    const week = Math.floor((at + mondayOffset) / weekSeconds);
    weeks.set(week, (weeks.get(week) ?? 0) + 1);
    const local = at + facts.authorOffsets[row]! * 60;
    weekdays[modulo(Math.floor(local / daySeconds) + 3, 7)]!++;
    hours[modulo(Math.floor(local / 3600), 24)]!++;
    if (facts.parents[row]! < 2) types[facts.types[row]!]!++;
  }
  return {
    activity: everyWeek(weeks),
    weekdays,
    hours,
    commitTypes: types
      .map((commits, type) => ({ type: commitTypes[type]!, commits }))
      .filter((entry) => entry.commits > 0)
      .sort((a, b) => b.commits - a.commits),
  };
}

function everyWeek(weeks: ReadonlyMap<number, number>): AnalysisHistory["activity"] {
  const known = [...weeks.keys()].sort((a, b) => a - b);
  const last = known.at(-1);
  if (last === undefined) return [];
  const isWhole = last - known[0]! < maxWeeks;
  const wanted = isWhole
    ? Array.from({ length: last - known[0]! + 1 }, (_, index) => known[0]! + index)
    : known;
  return wanted.map((week) => ({
    week: toInstant(week * weekSeconds - mondayOffset).split("T")[0]!,
    commits: weeks.get(week) ?? 0,
  }));
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
