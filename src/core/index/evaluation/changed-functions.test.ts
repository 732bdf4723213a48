import { afterAll, expect, test } from "vitest";
import { addCommit, createRepository, git, temporaryFolder } from "../../../../test/support/repositories.ts";
import { createServices, createThreads } from "../../../../test/support/services.ts";
import { openRepository, resolveSnapshot } from "../../repository/repositories.ts";
import { loadSearchIndex } from "../search/load-index.ts";
import { changedFunctions } from "./changed-functions.ts";
import { parseChangedLines, readChangedLines } from "./changed-lines.ts";
import { placeOf } from "./functions.ts";

const threads = createThreads(1);
afterAll(() => threads.close());
const signal = new AbortController().signal;
const onProgress = (): void => {};

const older = `import sys

def first(a):
    b = a + 1
    return b

def outer(a):
    def inner(b):
        return b
    return inner(a)

class Shape:
    size = 1

    # Says how large it is.
    def area(self):
        return self.size

    def name(self):
        return "shape"
`;

/** Names of the functions that a change of `a file.py` touches. */
async function changeFile(newer: string): Promise<readonly string[]> {
  const folder = temporaryFolder();
  const source = createRepository(`${folder}/r`, [
    { message: "a", files: { "a file.py": older, "b.py": "x = 1\n" } },
  ]);
  const parent = git(source, ["rev-parse", "HEAD"]).trim();
  const commit = addCommit(source, {
    message: "b",
    files: { "a file.py": newer, "c.py": "def new():\n  pass\n" },
  });
  const services = createServices(folder, threads);
  const ports = {
    git: services.git,
    locks: services.locks,
    hosts: services.hosts,
    config: services.config.values,
  };
  const repository = await openRepository(source, ports, { cwd: "/", signal, onProgress });
  const snapshot = await resolveSnapshot(repository, parent, ports, signal);
  const { index } = await loadSearchIndex(snapshot, services, {
    useCache: true,
    builds: true,
    signal,
    onProgress,
  });
  const lines = await readChangedLines(repository.gitDir, parent, commit, services.git, signal);
  services.cache.close();
  return [...changedFunctions(index, lines!)].map((key) => {
    const { file, unit } = placeOf(key);
    return index.files[file]!.record!.names()[unit]!;
  });
}

test("the innermost function of each changed line", async () => {
  expect(await changeFile(older.replace("return b\n    return", "return b + 1\n    return"))).toEqual([
    "inner",
  ]);
  expect(await changeFile(older.replace("    return inner(a)", "    return inner(a + 1)"))).toEqual([
    "outer",
  ]);
  expect(await changeFile(older.replace("b = a + 1", "b = a").replace('"shape"', '"form"'))).toEqual([
    "first",
    "name",
  ]);
});

test("the comment above a function is part of it, what is between functions of none", async () => {
  expect(await changeFile(older.replace("Says how", "Tells how"))).toEqual(["area"]);
  expect(await changeFile(older.replace("size = 1", "size = 2").replace("import sys", "import os"))).toEqual(
    [],
  );
});

test("lines that are put in belong to the function around them", async () => {
  expect(await changeFile(older.replace("    return b\n\n", "    b += 2\n    return b\n\n"))).toEqual([
    "first",
  ]);
  expect(await changeFile(older.replace("\nclass", "\ndef more():\n    return 1\n\nclass"))).toEqual([]);
  expect(await changeFile(older.replace("    return inner(a)", "    a += 1\n    return inner(a)"))).toEqual([
    "outer",
  ]);
});

test("a removed line that looks like a head is none", () => {
  const diff = [
    "diff --git a/q.sql b/q.sql",
    "--- a/q.sql",
    "+++ b/q.sql",
    "@@ -3,2 +3 @@",
    "--- a/other.sql",
    "-@@ -1 +1 @@",
    "+select",
    "@@ -9,0 +9 @@",
    "+x",
    "\\ No newline at end of file",
    "",
  ].join("\n");
  expect([...parseChangedLines(diff)]).toEqual([
    [
      "q.sql",
      [
        { start: 3, end: 4, isGap: false },
        { start: 9, end: 10, isGap: true },
      ],
    ],
  ]);
});

test("contents that are missing make the case unreadable, not the run", async () => {
  const folder = temporaryFolder();
  const source = createRepository(`${folder}/r`, [
    { message: "a", files: { "a.py": older } },
    { message: "b", files: { "a.py": older.replace("b = a", "b = 2 * a") } },
  ]);
  const oid = git(source, ["rev-parse", "HEAD~1:a.py"]).trim();
  git(source, ["-c", "gc.auto=0", "rev-parse", "HEAD"]);
  const { rmSync } = await import("node:fs");
  rmSync(`${source}/.git/objects/${oid.slice(0, 2)}/${oid.slice(2)}`, { force: true });
  const services = createServices(folder, threads);
  const [commit = "", parent = ""] = git(source, ["rev-list", "HEAD"]).split("\n");
  expect(await readChangedLines(`${source}/.git`, parent, commit, services.git, signal)).toBeNull();
  services.cache.close();
});
