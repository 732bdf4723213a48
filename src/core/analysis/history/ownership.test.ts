import { describe, expect, test } from "vitest";
import { writeHistory, type WrittenCommit } from "../../../../test/support/history.ts";
import { followFiles } from "./files.ts";
import { busFactor, folderOwners } from "./ownership.ts";

const ada = "Ada Byron <ada@x.org>";
const bob = "Bob Boole <bob@x.org>";
const cy = "Cy Cline <cy@x.org>";
const bot = "dependabot[bot] <bot@x.org>";

const by = (who: string, count: number, ...changes: readonly string[]): WrittenCommit[] =>
  Array.from({ length: count }, () => ({ by: who, changes }));

function factor(commits: readonly WrittenCommit[], ...paths: readonly string[]) {
  const view = writeHistory(commits);
  const { busFactor: number, keyAuthors } = busFactor(followFiles(view, paths), view);
  return { number, key: keyAuthors.map((author) => [author.name, author.files]) };
}

/**
 * Degree of authorship: 3.293 + 1.098 if they made the file + 0.164 × their commits − 0.321 × ln(1 + others').
 * An author has at least 3.293 and three quarters of the file's highest.
 */
describe("bus factor", () => {
  test("one person who made everything is the whole of it", () => {
    expect(factor(by(ada, 3, "A x"), "x")).toEqual({ number: 1, key: [["Ada Byron", 1]] });
  });

  test("a person who made a file stays its author as long as the others did little", () => {
    // Ada 3.293 + 1.098 + 0.164 − 0.321 ln 6 = 3.980. Bob 3.293 + 0.82 − 0.321 ln 2 = 3.890 ≥ 0.75 × 3.980: both.
    // One of them may go; when both are gone the file has nobody.
    expect(factor([...by(ada, 1, "A x"), ...by(bob, 5, "M x")], "x").number).toBe(2);
  });

  test("below three quarters of the best one is no author", () => {
    // Ada 3.293 + 1.098 + 0.164 − 0.321 ln 21 = 3.578. Bob 3.293 + 3.28 − 0.321 ln 2 = 6.350; 0.75 × 6.350 = 4.763.
    expect(factor([...by(ada, 1, "A x"), ...by(bob, 20, "M x")], "x")).toEqual({
      number: 1,
      key: [["Bob Boole", 1]],
    });
  });

  test("below 3.293 nobody is an author, however few the others are", () => {
    // Each: 3.293 + 0.164 − 0.321 ln 3 = 3.104, and nobody made it within the range.
    expect(factor([...by(ada, 1, "M x"), ...by(bob, 1, "M x"), ...by(cy, 1, "M x")], "x")).toEqual({
      number: 0,
      key: [],
    });
    // With two: 3.293 + 0.164 − 0.321 ln 2 = 3.235, still below; alone: 3.457.
    expect(factor([...by(ada, 1, "M x"), ...by(bob, 1, "M x")], "x").number).toBe(0);
    expect(factor(by(ada, 1, "M x"), "x").number).toBe(1);
  });

  const guests = (count: number): WrittenCommit[] =>
    Array.from({ length: count }, (_, index) => ({
      by: `Guest No${index} <g${index}@x.org>`,
      changes: ["M x"],
    }));

  test.each([
    // 0.164 × 10 = 1.64 against 0.321 × ln 165 = 1.6390 and 0.321 × ln 166 = 1.6410.
    ["M x", 10, 164, 1],
    ["M x", 10, 165, 0],
    // 1.098 + 0.164 = 1.262 against 0.321 × ln 50 = 1.2558 and 0.321 × ln 51 = 1.2621.
    ["A x", 1, 49, 1],
    ["A x", 1, 50, 0],
  ])("the degree to the third digit: %s, %d commits, %d of others", (change, own, others, number) => {
    expect(factor([...by(ada, own, change), ...guests(others)], "x").number).toBe(number);
  });

  test.each([
    // Ada 4.555 − 0.321 × ln 12 = 3.757 against three quarters of Bob's 4.875: 3.656.
    [11, 2],
    // Ada 4.555 − 0.321 × ln 13 = 3.732 against three quarters of Bob's 5.039: 3.779.
    [12, 1],
  ])("three quarters of the best, who has %d commits", (commits, number) => {
    expect(factor([...by(ada, 1, "A x"), ...by(bob, commits, "M x")], "x").number).toBe(number);
  });

  test("those with the most files leave until more than half of the files have nobody", () => {
    const commits = [...by(ada, 1, "A a1", "A a2"), ...by(bob, 1, "A b1"), ...by(cy, 1, "A c1")];
    // Without Ada two of four are orphaned, which is not more than half.
    expect(factor(commits, "a1", "a2", "b1", "c1")).toEqual({
      number: 2,
      key: [
        ["Ada Byron", 2],
        ["Bob Boole", 1],
      ],
    });
    // Of five with three of Ada's she is enough.
    expect(factor([...commits, ...by(ada, 1, "A a3")], "a1", "a2", "a3", "b1", "c1").number).toBe(1);
  });

  test("identities of one person are one person", () => {
    const commits = [...by(ada, 1, "A a"), ...by("Ada Byron <ada@home.org>", 1, "A b")];
    expect(factor(commits, "a", "b")).toEqual({ number: 1, key: [["Ada Byron", 2]] });
  });

  test("programs own nothing, and what only they wrote is not waited for", () => {
    const commits = [
      ...by(bot, 1, "A l1", "A l2", "A l3"),
      ...by(ada, 1, "A a"),
      ...by(bob, 1, "A b1", "A b2"),
    ];
    expect(factor(commits, "l1", "l2", "l3", "a", "b1", "b2")).toEqual({
      number: 1,
      key: [["Bob Boole", 2]],
    });
    expect(factor(by(bot, 1, "A l1"), "l1")).toEqual({ number: 0, key: [] });
  });

  test("nothing has no factor", () => {
    expect(factor([])).toEqual({ number: 0, key: [] });
  });
});

test("owners of folders: two levels, most commits first, the three who did most", () => {
  const view = writeHistory([
    ...by(ada, 3, "M src/core/deep/x.ts"),
    ...by(bob, 1, "M src/core/y.ts"),
    ...by(bob, 2, "M README.md"),
    ...by(cy, 1, "M src/z.ts"),
  ]);
  const paths = ["src/core/deep/x.ts", "src/core/y.ts", "README.md", "src/z.ts", "untouched/a"];
  expect(folderOwners(followFiles(view, paths), view)).toEqual([
    {
      path: "src/core",
      commits: 4,
      owners: [
        { name: "Ada Byron", share: 0.75 },
        { name: "Bob Boole", share: 0.25 },
      ],
    },
    { path: ".", commits: 2, owners: [{ name: "Bob Boole", share: 1 }] },
    { path: "src", commits: 1, owners: [{ name: "Cy Cline", share: 1 }] },
  ]);
});
