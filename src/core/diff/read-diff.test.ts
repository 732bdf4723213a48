import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startGitServer } from "../../../test/support/git-http-server.ts";
import { createPorts, openOptions } from "../../../test/support/ports.ts";
import { addCommit, createRepository, git, temporaryFolder } from "../../../test/support/repositories.ts";
import type { Diff } from "../../contracts/diff.ts";
import type { Repository } from "../../contracts/repository.ts";
import { openRepository, type RepositoryPorts } from "../repository/repositories.ts";
import { defaultDiffLimits } from "./diff-limits.ts";
import { formatDiff } from "./format-diff.ts";
import { readDiff, readStagedDiff, readWorkTreeDiff } from "./read-diff.ts";

const { signal } = new AbortController();
const numbers = (count: number, changed: Readonly<Record<number, string>> = {}): string =>
  Array.from({ length: count }, (_, index) => `${changed[index + 1] ?? `line ${index + 1}`}\n`).join("");

interface Opened {
  readonly folder: string;
  readonly repository: Repository;
  readonly ports: RepositoryPorts;
  /** What Git itself says, for comparison. */
  readonly git: (...args: readonly string[]) => string;
}

async function open(files: Readonly<Record<string, string>>): Promise<Opened> {
  const root = temporaryFolder();
  const folder = createRepository(join(root, "work"), [{ message: "first", files }]);
  const ports = createPorts(join(root, "data"));
  const repository = await openRepository(folder, ports, openOptions(root));
  return { folder, repository, ports, git: (...args) => git(folder, args) };
}

const named = (diff: Diff): string[] => diff.files.map((file) => `${file.status} ${file.path}`);

test("a range is counted from the merge base, and says the same as Git", async () => {
  const { folder, ports, git } = await open({
    "a.ts": numbers(40),
    "gone.ts": "gone\n",
    "old name.ts": numbers(20),
    "für.ts": "x\n",
    link: "text\n",
    ".gitattributes": "* -diff\n",
  });
  git("checkout", "--quiet", "-b", "topic");
  git("mv", "old name.ts", "new name.ts");
  rmSync(join(folder, "gone.ts"));
  rmSync(join(folder, "link"));
  symlinkSync("a.ts", join(folder, "link"));
  const head = addCommit(folder, {
    message: "topic",
    files: {
      "a.ts": numbers(40, { 2: "two", 30: "thirty" }),
      "für.ts": "y",
      "bin.dat": "\0\u0001",
      "empty.ts": "",
    },
  });
  git("checkout", "--quiet", "main");
  const base = addCommit(folder, {
    message: "main goes on",
    files: { "a.ts": numbers(40, { 20: "elsewhere" }) },
  });
  const repository = await openRepository(folder, ports, openOptions(folder));

  const read = await readDiff(repository, { base, head }, ports.git, signal);
  expect(read.base).toBe(git("merge-base", "main", "topic").trim());
  // Git here obeys the attributes. For us a change must not be able to hide itself.
  rmSync(join(folder, ".gitattributes"));
  const written = git("diff", "--full-index", "--no-ext-diff", `${base}...${head}`);
  expect(formatDiff(read.diff)).toBe(written.replace("similarity index 100%\n", ""));
  expect(read.diff).toMatchObject({ isTruncated: false, warnings: [] });
  expect(read.diff.files[0]!.hunks).toHaveLength(2);
  expect(named(read.diff)).toEqual([
    "modified a.ts",
    "added bin.dat",
    "added empty.ts",
    "modified für.ts",
    "deleted gone.ts",
    "type-changed link",
    "renamed new name.ts",
  ]);

  const whole = await readDiff(repository, { base: null, head }, ports.git, signal);
  expect(whole.base).toBeNull();
  expect(new Set(whole.diff.files.map((file) => file.status))).toEqual(new Set(["added"]));
  const some = await readDiff(repository, { base, head }, ports.git, signal, {
    ...defaultDiffLimits,
    maxFiles: 2,
  });
  expect(some.diff.files).toEqual(read.diff.files.slice(0, 2));
  expect(some.diff.warnings.map(({ code }) => code)).toEqual(["too-many-files"]);
});

test("histories without a common commit are compared as they are", async () => {
  const { folder, ports, git } = await open({ "a.ts": "a\n" });
  const base = git("rev-parse", "HEAD").trim();
  git("checkout", "--quiet", "--orphan", "other");
  const head = addCommit(folder, { message: "other", files: { "a.ts": "b\n" } });
  const repository = await openRepository(folder, ports, openOptions(folder));
  const read = await readDiff(repository, { base, head }, ports.git, signal);
  expect(read.base).toBe(base);
  expect(read.diff.warnings).toMatchObject([{ code: "no-merge-base" }]);
  expect(named(read.diff)).toEqual(["modified a.ts"]);
});

test("contents that a blobless clone lacks are fetched", async () => {
  const root = temporaryFolder();
  const origin = createRepository(join(root, "origin"), [
    { message: "1", files: { "a.ts": numbers(9), "b.ts": "b\n" } },
  ]);
  const base = git(origin, ["rev-parse", "HEAD"]).trim();
  const head = addCommit(origin, {
    message: "2",
    files: { "a.ts": numbers(9, { 5: "five" }), "c.ts": "c\n" },
  });
  const server = await startGitServer(root);
  const ports = createPorts(join(root, "data"), {
    "git.protocols": "http",
    "git.allow_private_hosts": "true",
  });
  const repository = await openRepository(`${server.url}/origin/.git`, ports, openOptions(root));
  const read = await readDiff(repository, { base, head }, ports.git, signal);
  expect(formatDiff(read.diff)).toBe(git(origin, ["diff", "--full-index", base, head]));
});

test("a content that cannot be had costs its own file", async () => {
  const { folder, repository, ports, git } = await open({ "a.ts": "a\n", "b.ts": "b\n" });
  const base = git("rev-parse", "HEAD").trim();
  const head = addCommit(folder, { message: "2", files: { "a.ts": "A\n", "b.ts": "B\n" } });
  const oid = git("rev-parse", "HEAD:a.ts").trim();
  rmSync(join(folder, ".git", "objects", oid.slice(0, 2), oid.slice(2)));
  const { diff } = await readDiff(repository, { base, head }, ports.git, signal);
  expect(diff.files.map((file) => [file.path, file.isCut, file.hunks.length])).toEqual([
    ["b.ts", false, 1],
    ["a.ts", true, 0],
  ]);
  expect(diff).toMatchObject({ isTruncated: true, warnings: [{ code: "missing-blob", path: "a.ts" }] });
});

/** A repository that would run something, were its settings obeyed; the control shows that it does. */
function arm(folder: string): { readonly hasRun: () => boolean; readonly disarm: () => void } {
  const mark = join(folder, "..", "has-run");
  const command = `touch '${mark}'; cat`;
  for (const [key, value] of [
    ["filter.evil.clean", command],
    ["filter.evil.process", command],
    ["diff.evil.textconv", command],
    ["diff.evil.command", command],
    ["core.fsmonitor", command],
  ] as const)
    git(folder, ["config", key, value]);
  writeFileSync(join(folder, ".gitattributes"), "* filter=evil diff=evil\n");
  return { hasRun: () => existsSync(mark), disarm: () => rmSync(mark, { force: true }) };
}

test("staged and local changes are read without running anything of the repository", async () => {
  const { folder, repository, ports, git } = await open({
    "a.ts": numbers(9),
    "b.ts": "b\r\n",
    "c.ts": "c\n",
    "d.ts": "d\n",
  });
  const commit = git("rev-parse", "HEAD").trim();
  writeFileSync(join(folder, "a.ts"), numbers(9, { 3: "staged" }));
  writeFileSync(join(folder, "new.ts"), "new\n");
  rmSync(join(folder, "c.ts"));
  git("add", "--all");
  const staged = git("diff", "--cached", "--full-index");
  writeFileSync(join(folder, "a.ts"), numbers(9, { 3: "staged", 7: "not staged" }));
  writeFileSync(join(folder, "b.ts"), "B\r\n");
  rmSync(join(folder, "d.ts"));
  writeFileSync(join(folder, "untracked.ts"), "untracked\n");
  const local = git("diff", "--full-index", "HEAD");
  const trap = arm(folder);
  const before = readdirSync(join(folder, ".git"));

  const read = await readStagedDiff(repository, commit, ports.git, signal);
  expect(formatDiff(read)).toBe(staged);
  expect(named(read)).toEqual(["modified a.ts", "deleted c.ts", "added new.ts"]);
  const now = await readWorkTreeDiff(repository, commit, ports.git, signal);
  expect(formatDiff(now)).toBe(local);
  expect(named(now)).toEqual([
    "modified a.ts",
    "modified b.ts",
    "deleted c.ts",
    "deleted d.ts",
    "added new.ts",
  ]);
  expect(trap.hasRun()).toBe(false);
  expect(readdirSync(join(folder, ".git"))).toEqual(before);
  // New contents can be read by their ids.
  const oid = now.files.find((file) => file.path === "b.ts")!.newOid!;
  expect(await ports.git.text(repository.gitDir, ["cat-file", "blob", oid])).toBe("B\r\n");
  git("status");
  expect(trap.hasRun()).toBe(true);
});

test("nothing staged, nothing committed, a conflict, a split index, none, no work tree", async () => {
  const { folder, repository, ports, git } = await open({ "a.ts": "a\n", "b.ts": "b\n" });
  const commit = git("rev-parse", "HEAD").trim();
  expect((await readStagedDiff(repository, commit, ports.git, signal)).files).toEqual([]);
  expect(named(await readStagedDiff(repository, null, ports.git, signal))).toEqual([
    "added a.ts",
    "added b.ts",
  ]);

  git("checkout", "--quiet", "-b", "other");
  addCommit(folder, { message: "other", files: { "a.ts": "other\n" } });
  git("checkout", "--quiet", "main");
  const main = addCommit(folder, { message: "main", files: { "a.ts": "main\n" } });
  expect(() => git("merge", "other")).toThrow("git merge");
  writeFileSync(join(folder, "b.ts"), "B\n");
  git("add", "b.ts");
  const diff = await readStagedDiff(repository, main, ports.git, signal);
  expect(named(diff)).toEqual(["modified b.ts"]);
  expect(diff.warnings).toMatchObject([{ code: "unmerged-path", path: "a.ts" }]);

  git("checkout", "--quiet", "--force", "main");
  git("update-index", "--split-index");
  writeFileSync(join(folder, "b.ts"), "B\n");
  git("add", "b.ts");
  expect(named(await readStagedDiff(repository, main, ports.git, signal))).toEqual(["modified b.ts"]);
  expect(named(await readWorkTreeDiff(repository, main, ports.git, signal))).toEqual(["modified b.ts"]);
  rmSync(join(folder, ".git", "index"));
  expect((await readStagedDiff(repository, main, ports.git, signal)).files).toEqual([]);
  expect((await readStagedDiff(repository, null, ports.git, signal)).files).toEqual([]);

  const bare = { ...repository, workTree: null };
  await expect(readStagedDiff(bare, main, ports.git, signal)).rejects.toMatchObject({
    code: "source-invalid",
  });
});

test("a submodule with a trap in it is not entered", async () => {
  const { folder, repository, ports, git: call } = await open({ "a.ts": "a\n" });
  const inner = join(folder, "sub");
  mkdirSync(inner);
  createRepository(inner, [{ message: "inner", files: { x: "x\n" } }]);
  call("add", "sub");
  call("commit", "--quiet", "--message", "sub");
  const trap = arm(inner);
  // Of the same size, so that only a look into it, through the filter, tells that it changed.
  writeFileSync(join(inner, "x"), "y\n");
  writeFileSync(join(folder, "a.ts"), "A\n");
  const diff = await readWorkTreeDiff(repository, call("rev-parse", "HEAD").trim(), ports.git, signal);
  expect(named(diff)).toEqual(["modified a.ts"]);
  expect(trap.hasRun()).toBe(false);
  call("status");
  expect(trap.hasRun()).toBe(true);
});
