import { describe, expect, test } from "vitest";
import { writeHistory } from "../../../../test/support/history.ts";
import { summariseActivity } from "./activity.ts";

const activityOf = (...dates: readonly (string | number)[]) =>
  summariseActivity(writeHistory(dates.map((at) => ({ at }))));

describe("weeks", () => {
  test("begin on Monday, and those without a commit are there too", () => {
    expect(
      activityOf(
        "2024-02-26T00:00:00Z",
        "2024-03-03T23:59:59Z",
        "2024-03-04T00:00:00Z",
        "2024-03-19T12:00:00Z",
      ).activity,
    ).toEqual([
      { week: "2024-02-26", commits: 2 },
      { week: "2024-03-04", commits: 1 },
      { week: "2024-03-11", commits: 0 },
      { week: "2024-03-18", commits: 1 },
    ]);
  });

  test("before 1970 begin on Monday as well", () => {
    expect(
      activityOf("1969-12-28T12:00:00Z", "1969-12-29T12:00:00Z").activity.map((entry) => entry.week),
    ).toEqual(["1969-12-22", "1969-12-29"]);
  });

  test("a clock that is a century wrong makes no century of empty weeks", () => {
    const { activity } = activityOf("1970-01-01T00:00:00Z", "2024-03-04T00:00:00Z", "2106-02-07T00:00:00Z");
    expect(activity.map((entry) => entry.commits)).toEqual([1, 1, 1]);
  });

  test("sixty years are shown whole", () => {
    expect(activityOf("1970-01-01T00:00:00Z", "2029-12-31T00:00:00Z").activity.length).toBe(3132);
  });

  test.each([8.64e12, 1e13, -1e13, 2 ** 53])("the time %d, which no calendar has, ends nothing", (at) => {
    const { activity, weekdays } = activityOf(at);
    expect(activity).toEqual([
      { week: expect.stringMatching(/^[+-]\d{6}-\d\d-\d\d$/) as string, commits: 1 },
    ]);
    expect(weekdays.reduce((sum, count) => sum + count)).toBe(1);
  });

  test("no commit has no week", () => {
    expect(activityOf()).toMatchObject({ activity: [], commitTypes: [] });
  });
});

describe("weekday and hour are the author's", () => {
  // 2024-03-03T23:30Z is a Sunday.
  test.each([
    ["2024-03-03T23:30:00Z", 6, 23],
    ["2024-03-04T01:30:00+02:00", 0, 1],
    ["2024-03-03T13:30:00-10:00", 6, 13],
    ["2024-03-04T05:15:00+05:45", 0, 5],
    ["1969-12-31T23:00:00Z", 2, 23],
  ])("%s", (date, weekday, hour) => {
    const { weekdays, hours, activity } = activityOf(date);
    expect(weekdays.indexOf(1)).toBe(weekday);
    expect(hours.indexOf(1)).toBe(hour);
    expect(activity).toHaveLength(1);
  });

  test("the week is counted in UTC, so that all authors share one calendar", () => {
    expect(activityOf("2024-03-04T01:30:00+02:00").activity[0]?.week).toBe("2024-02-26");
  });
});

test("kinds of commit: most first, merges left out", () => {
  const view = writeHistory([
    { type: "feat" },
    { type: "fix" },
    { type: "fix" },
    { type: "merge", parents: 2 },
    { type: "docs", parents: 3 },
  ]);
  expect(summariseActivity(view).commitTypes).toEqual([
    { type: "fix", commits: 2 },
    { type: "feat", commits: 1 },
  ]);
});
