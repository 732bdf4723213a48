import { describe, expect, test } from "vitest";
import { writeHistory, type WrittenCommit } from "../../../../test/support/history.ts";
import { fileAges } from "./ages.ts";
import { followFiles } from "./files.ts";

/** Per living file: commits and creator. */
function follow(commits: readonly WrittenCommit[], ...paths: readonly string[]) {
  const view = writeHistory(commits);
  const { files, touches } = followFiles(view, paths);
  return {
    touches,
    files: Object.fromEntries(
      files.map((file) => [
        file.path,
        [file.commits, file.creator === null ? null : view.people[file.creator]!.name],
      ]),
    ),
  };
}

const ada = "Ada Byron <ada@x.org>";
const bob = "Bob Boole <bob@x.org>";

describe("files through their renames", () => {
  test("a chain of names is one file", () => {
    expect(
      follow(
        [
          { by: ada, changes: ["A a"] },
          { by: bob, changes: ["R a b"] },
          { changes: ["M b"] },
          { changes: ["R b c"] },
          { changes: ["M c"] },
        ],
        "c",
      ).files,
    ).toEqual({ c: [5, "Ada Byron"] });
  });

  test("two files that swap their names by way of a third keep their own histories", () => {
    const { files } = follow(
      [
        { by: ada, changes: ["A a"] },
        { by: bob, changes: ["A b"] },
        { by: ada, changes: ["M a"] },
        { changes: ["R a tmp"] },
        { changes: ["R b a"] },
        { changes: ["R tmp b"] },
      ],
      "a",
      "b",
    );
    expect(files).toEqual({ a: [2, "Bob Boole"], b: [4, "Ada Byron"] });
  });

  test("a name that is used again by another file belongs to both, each in its time", () => {
    const { files } = follow(
      [
        { by: ada, changes: ["A a"] },
        { by: ada, changes: ["M a"] },
        { changes: ["R a b"] },
        { by: bob, changes: ["A a"] },
        { by: bob, changes: ["M a"] },
      ],
      "a",
      "b",
    );
    expect(files).toEqual({ a: [2, "Bob Boole"], b: [3, "Ada Byron"] });
  });

  test("a file that was deleted and brought back is one file", () => {
    expect(
      follow(
        [
          { by: ada, changes: ["A a"] },
          { changes: ["M a"] },
          { changes: ["D a"] },
          { by: bob, changes: ["A a"] },
        ],
        "a",
      ).files,
    ).toEqual({ a: [4, "Ada Byron"] });
  });

  test("what happened to a deleted file counts for nobody", () => {
    const { files, touches } = follow([{ changes: ["A gone", "A a"] }, { changes: ["D gone"] }], "a");
    expect(files).toEqual({ a: [1, "Ada Byron"] });
    expect(touches).toEqual([[], [0]]);
  });

  test("a file made by a copy or before the range has no creator", () => {
    expect(follow([{ changes: ["M a"] }], "a").files).toEqual({ a: [1, null] });
    expect(follow([], "a").files).toEqual({ a: [0, null] });
  });
});

test("ages of files are measured from the last commit", () => {
  const ago = (days: number, path: string): WrittenCommit => ({
    at: 1_700_000_000 - days * 86_400,
    changes: [`A ${path}`],
  });
  const view = writeHistory([
    ago(1825, "f"),
    ago(1824, "e"),
    ago(366, "d"),
    ago(91, "c"),
    ago(30, "b"),
    ago(0, "a"),
  ]);
  const ages = fileAges(
    followFiles(view, ["a", "b", "c", "d", "e", "f", "never"]),
    1_700_000_000,
    (path) => path.charCodeAt(0) - 96,
  );
  expect(ages).toEqual([
    { age: "under a month", files: 1, lines: 1 },
    { age: "under 3 months", files: 1, lines: 2 },
    { age: "under a year", files: 1, lines: 3 },
    { age: "under 3 years", files: 1, lines: 4 },
    { age: "under 5 years", files: 1, lines: 5 },
    { age: "older", files: 1, lines: 6 },
  ]);
});
