import { describe, expect, test } from "vitest";
import { writeHistory, type WrittenCommit } from "../../../../test/support/history.ts";
import { followFiles } from "./files.ts";
import { findCoupling, findHotspots } from "./hotspots.ts";

const times = (count: number, ...changes: readonly string[]): WrittenCommit[] =>
  Array.from({ length: count }, () => ({ changes }));

describe("hotspots", () => {
  const histories = followFiles(
    writeHistory([
      ...times(10, "M often"),
      ...times(5, "M large"),
      ...times(1, "M once"),
      ...times(9, "M empty"),
    ]),
    ["often", "large", "once", "empty"],
  );
  const lines: Readonly<Record<string, number>> = { often: 100, large: 400, once: 1_000, empty: 0 };

  test("are commits × lines, both relative to the largest; changed once or without lines is none", () => {
    expect(findHotspots(histories, (path) => lines[path]!)).toEqual([
      { path: "large", commits: 5, lines: 400, score: 0.5 },
      { path: "often", commits: 10, lines: 100, score: 0.25 },
    ]);
  });

  test("at most 50 are named", () => {
    const paths = Array.from({ length: 60 }, (_, index) => `f${index}`);
    const many = followFiles(writeHistory(times(2, ...paths.map((path) => `M ${path}`))), paths);
    expect(findHotspots(many, () => 1)).toHaveLength(50);
  });
});

describe("coupling", () => {
  const coupled = (commits: readonly WrittenCommit[], ...paths: readonly string[]) =>
    findCoupling(followFiles(writeHistory(commits), paths));

  test("the degree is the commits with both over the mean of both files' commits", () => {
    // a: 6 + 4 = 10, b: 6 + 2 = 8, together 6 of mean 9.
    expect(coupled([...times(6, "M a", "M b"), ...times(4, "M a"), ...times(2, "M b")], "a", "b")).toEqual([
      { a: "a", b: "b", together: 6, degree: 0.667 },
    ]);
  });

  test("fewer than five common commits, or a degree below 0.3, say nothing", () => {
    expect(coupled(times(4, "M a", "M b"), "a", "b")).toEqual([]);
    expect(coupled([...times(5, "M a", "M b"), ...times(24, "M a")], "a", "b")).toEqual([]);
    expect(coupled([...times(5, "M a", "M b"), ...times(23, "M a")], "a", "b")).toHaveLength(1);
  });

  test("commits that sweep over more than thirty files are no sign", () => {
    const paths = Array.from({ length: 31 }, (_, index) => `f${index}`);
    const changes = paths.map((path) => `M ${path}`);
    expect(coupled(times(9, ...changes), ...paths)).toEqual([]);
    expect(coupled(times(9, ...changes.slice(1)), ...paths)).not.toEqual([]);
  });

  test("files are followed through their names", () => {
    const commits = [...times(3, "M a", "M b"), { changes: ["R a c"] }, ...times(3, "M b", "M c")];
    expect(coupled(commits, "b", "c")).toEqual([{ a: "b", b: "c", together: 6, degree: 0.923 }]);
  });
});
