import { describe, expect, test } from "vitest";
import { changeStatus, createFactsWriter } from "../../repository/history/commit-facts.ts";
import { indexHistory } from "./history-index.ts";

type Change = readonly [status: keyof typeof changeStatus, path: string, source?: string];

/** Which commits (0 is the newest) touched each of the files that are there today. */
function touchesOf(
  files: readonly string[],
  commits: readonly (readonly Change[])[],
): readonly (readonly number[])[] {
  const writer = createFactsWriter();
  for (const [at, changes] of commits.entries()) {
    writer.commit({
      oid: String(at),
      parents: 1,
      authoredAt: 0,
      committedAt: 0,
      authorOffset: 0,
      identity: "a",
      type: 0,
      subject: [],
      body: [],
    });
    for (const [status, path, source = null] of changes) writer.change(changeStatus[status], path, source);
  }
  const { fileStarts, positions, starts, files: touched } = indexHistory(writer.finish(), files);
  const byFile = files.map((_, file) => [...positions.subarray(fileStarts[file], fileStarts[file + 1])]);
  // Both directions say the same.
  for (const file of files.keys())
    expect(
      commits.flatMap((_, at) =>
        [...touched.subarray(starts[at], starts[at + 1])].includes(file) ? [at] : [],
      ),
    ).toEqual(byFile[file]);
  return byFile;
}

describe("commits of a file", () => {
  test("are those that changed it, but not what deleted it", () => {
    expect(
      touchesOf(["a", "b"], [[["modified", "a"]], [["added", "b"]], [["deleted", "c"]], [["added", "a"]]]),
    ).toEqual([[0, 3], [1]]);
  });

  test("are those of its older names too", () => {
    expect(
      touchesOf(
        ["z/c"],
        [
          [["modified", "z/c"]],
          [["renamed", "z/c", "y/b"]],
          [["modified", "y/b"]],
          [["renamed", "y/b", "x/a"]],
          [["added", "x/a"]],
          [["modified", "other"]],
        ],
      ),
    ).toEqual([[0, 1, 2, 3, 4]]);
  });

  test("are found by the name alone where it moved and changed in one commit", () => {
    expect(
      touchesOf(
        ["src/lib/a.ts"],
        [
          [
            ["added", "src/lib/a.ts"],
            ["deleted", "src/a.ts"],
          ],
          [["modified", "src/a.ts"]],
        ],
      ),
    ).toEqual([[0, 1]]);
  });

  test("of two that may be meant are those of the nearer, and of neither when both are as near", () => {
    const moves = (paths: readonly string[]): readonly Change[] => [
      ...paths.map((path): Change => ["added", path]),
      ["deleted", "src/x/index.ts"],
    ];
    const near = ["src/x/lib/index.ts", "test/index.ts"];
    expect(touchesOf(near, [moves(near), [["modified", "src/x/index.ts"]]])).toEqual([[0, 1], [0]]);
    const equal = ["a/index.ts", "b/index.ts"];
    expect(touchesOf(equal, [moves(equal), [["modified", "src/x/index.ts"]]])).toEqual([[0], [0]]);
  });

  test("do not pass to another file that has taken the name since", () => {
    expect(touchesOf(["a", "b"], [[["added", "a"]], [["renamed", "b", "a"]], [["modified", "b"]]])).toEqual([
      [0],
      [1, 2],
    ]);
  });

  test("that touch very many say nothing, and are still followed", () => {
    const many = Array.from({ length: 301 }, (_, at): Change => ["modified", `f${at}`]);
    expect(
      touchesOf(
        ["f0", "new"],
        [many, [...many, ["renamed", "new", "old"]], [["modified", "old"]], [["modified", "f0"]]],
      ),
    ).toEqual([[3], [2]]);
  });

  test("name a file once, however often a commit changes it", () => {
    expect(
      touchesOf(
        ["a"],
        [
          [
            ["modified", "a"],
            ["modified", "a"],
          ],
        ],
      ),
    ).toEqual([[0]]);
  });

  test("are none of nothing", () => {
    expect(touchesOf([], [])).toEqual([]);
    expect(touchesOf(["a"], [])).toEqual([[]]);
  });
});
