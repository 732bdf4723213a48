import { spawnSync, type ChildProcess } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { analysisSchema, type Analysis } from "../../src/contracts/analysis.ts";
import { runProgram, type CliOptions, type CliResult } from "../support/cli.ts";
import { addCommit, createRepository, git, temporaryFolder } from "../support/repositories.ts";

/**
 * What is wrong, odd or hostile in what a person gives: an error that says what, which value and what to do, or a
 * report that is right about everything else. Never a stack trace, never a hang.
 */
const escape = "\u001b";

interface Place {
  readonly folder: string;
  readonly dataDir: string;
}

function createPlace(): Place {
  const folder = temporaryFolder();
  return { folder, dataDir: join(folder, "data") };
}

function run(place: Place, args: readonly string[], options: Partial<CliOptions> = {}): Promise<CliResult> {
  // One thread starts sooner than several, and there is little to read here.
  const environment = { REPOWRIGHT_ANALYZE_WORKERS: "1", ...options.environment };
  return runProgram(args, { cwd: place.folder, dataDir: place.dataDir, ...options, environment });
}

async function report(
  place: Place,
  source: string,
  args: readonly string[] = [],
  options: Partial<CliOptions> = {},
): Promise<Analysis> {
  const result = await run(place, ["analyze", source, "--json", ...args], options);
  expect(result.code, result.stderr).toBe(0);
  expect(result.stderr).toBe("");
  return analysisSchema.parse(JSON.parse(result.stdout));
}

/** Codes whose failures were looked at as a person sees them; once is enough. */
const shown = new Set<string>();

/** The failure of an analysis as programs are told, and the first of each code also as people are. */
async function failure(
  place: Place,
  source: string,
  args: readonly string[] = [],
  options: Partial<CliOptions> = {},
): Promise<{ code: string; message: string; exitCode: number | null }> {
  const json = await run(place, ["analyze", source, "--json", ...args], options);
  const { error } = JSON.parse(json.stderr) as { error: { code: string; message: string; help: string } };
  expect(json.stdout).toBe("");
  expect(error.message.length).toBeGreaterThan(10);
  expect(error.help.length).toBeGreaterThan(10);
  expect(json.stderr).not.toMatch(/^\s+at |\\n\s+at |node:internal/m);
  if (!shown.has(error.code))
    expectToldToPeople(await run(place, ["analyze", source, ...args], options), json.code, error.help);
  shown.add(error.code);
  return { code: error.code, message: error.message, exitCode: json.code };
}

function expectToldToPeople(result: CliResult, exitCode: number | null, help: string): void {
  expect(result.code).toBe(exitCode);
  expect(result.stderr).toMatch(/^error: /);
  expect(result.stderr.trimEnd().endsWith(help), result.stderr).toBe(true);
  expect(result.stderr).not.toMatch(/^\s+at |node:internal/m);
  expect(result.stderr).not.toContain(escape);
}

const codes = (analysis: Analysis): string[] =>
  [...new Set(analysis.warnings.map((warning) => warning.code))].toSorted();

function sample(place: Place, name = "sample"): string {
  return createRepository(join(place.folder, name), [
    { message: "first", files: { "a.js": "let a = 1;\n", "docs/b.md": "# b\n", "c.py": "c = 1\n" } },
    { message: "second", author: "Bob <bob@example.org>", files: { "a.js": "let a = 1;\nlet b = 2;\n" } },
    { message: "third", files: { "c.py": "c = 1\nd = 2\ne = 3\n" } },
  ]);
}

/** Sums of `git log --numstat`, as a person would run it in the work tree. */
function numstat(repository: string, revision = "HEAD"): { added: number; deleted: number } {
  const rows = git(repository, ["log", "--numstat", "--format=", revision])
    .split("\n")
    .filter((line) => /^\d/.test(line));
  const sum = (column: number): number =>
    rows.reduce((total, row) => total + Number(row.split("\t")[column]), 0);
  return { added: sum(0), deleted: sum(1) };
}

function shortlog(repository: string): string[] {
  return git(repository, ["shortlog", "-sne", "HEAD"])
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.trim())
    .toSorted();
}

const asShortlog = (analysis: Analysis): string[] =>
  analysis.history.authors.map((author) => `${author.commits}\t${author.name} <${author.email}>`).toSorted();

/** Writes an object of exactly these bytes. */
function writeObject(repository: string, type: string, bytes: Buffer | string): string {
  return git(repository, ["hash-object", "-w", "-t", type, "--literally", "--stdin"], {
    input: bytes,
  }).trim();
}

/** A commit on top of HEAD with the given author and committer lines, byte for byte. */
function commitRaw(
  repository: string,
  author: Buffer | string,
  committer: Buffer | string,
  message: Buffer | string,
  header = "",
): string {
  const tree = git(repository, ["rev-parse", "HEAD^{tree}"]).trim();
  const parent = git(repository, ["rev-parse", "HEAD"]).trim();
  const text = Buffer.concat([
    Buffer.from(`tree ${tree}\nparent ${parent}\nauthor `),
    Buffer.from(author),
    Buffer.from("\ncommitter "),
    Buffer.from(committer),
    Buffer.from(`\n${header}\n`),
    Buffer.from(message),
  ]);
  const commit = writeObject(repository, "commit", text);
  git(repository, ["update-ref", "HEAD", commit]);
  return commit;
}

/** Runs a command as somebody for whom permissions hold, which they do not for root. */
const isRoot = process.getuid?.() === 0;
const stranger = 65_534;
const asStranger = isRoot ? ["setpriv", `--reuid=${stranger}`, `--regid=${stranger}`, "--clear-groups"] : [];
const canBeStranger =
  !isRoot || spawnSync(asStranger[0]!, [...asStranger.slice(1), process.execPath, "--version"]).status === 0;

/** A place whose data folder the stranger may write. */
function createStrangersPlace(): Place {
  const place = createPlace();
  mkdirSync(place.dataDir);
  if (isRoot) {
    chmodSync(place.folder, 0o755);
    chownSync(place.dataDir, stranger, stranger);
  }
  return place;
}

describe("sources", () => {
  test("a folder that is no repository", async () => {
    const place = createPlace();
    const error = await failure(place, place.folder);
    expect(error).toMatchObject({ code: "not-a-repository", exitCode: 1 });
    expect(error.message).toContain(place.folder);
  });

  test("a path that does not exist, a file, and nothing", async () => {
    const place = createPlace();
    const error = await failure(place, "nowhere");
    expect(error).toMatchObject({ code: "not-a-repository", exitCode: 1 });
    expect(error.message).toContain(`${join(place.folder, "nowhere")} does not exist`);
    writeFileSync(join(place.folder, "file.txt"), "x");
    expect(await failure(place, "file.txt")).toMatchObject({
      code: "not-a-repository",
      message: expect.stringContaining("is a file") as string,
    });
    expect(await failure(place, "file.txt/below")).toMatchObject({ code: "not-a-repository" });
    expect(await failure(place, "")).toMatchObject({ code: "source-invalid", exitCode: 2 });
    expect(await failure(place, "x".repeat(5_000))).toMatchObject({ code: "source-invalid", exitCode: 2 });
    expect(await failure(place, `evil${escape}[2J\nname`)).toMatchObject({
      code: "source-invalid",
      exitCode: 2,
    });
  });

  test("a loop of symbolic links", async () => {
    const place = createPlace();
    symlinkSync("b", join(place.folder, "a"));
    symlinkSync("a", join(place.folder, "b"));
    expect(await failure(place, "a")).toMatchObject({
      code: "not-a-repository",
      message: expect.stringContaining("loop") as string,
    });
  });

  test("a .git file that leads nowhere, and a HEAD that is nonsense", async () => {
    const place = createPlace();
    mkdirSync(join(place.folder, "x"));
    writeFileSync(join(place.folder, "x", ".git"), "hello\n");
    expect(await failure(place, "x")).toMatchObject({
      code: "not-a-repository",
      message: expect.stringContaining("gitdir") as string,
    });
    writeFileSync(join(place.folder, "x", ".git"), "gitdir: ../gone\n");
    expect(await failure(place, "x")).toMatchObject({
      code: "not-a-repository",
      message: expect.stringContaining("gone") as string,
    });
    writeFileSync(join(place.folder, "x", ".git"), "gitdir: ../x/.git\n");
    expect(await failure(place, "x")).toMatchObject({ code: "not-a-repository" });
    const repository = sample(place);
    writeFileSync(join(repository, ".git", "HEAD"), "what?\n");
    expect(await failure(place, repository)).toMatchObject({ code: "repository-damaged", exitCode: 1 });
  });

  test("a repository without commits", async () => {
    const place = createPlace();
    git(place.folder, ["init", "--quiet", "empty"]);
    expect(await failure(place, "empty")).toMatchObject({ code: "repository-empty", exitCode: 1 });
  });

  test("a host that does not exist", async () => {
    const place = createPlace();
    const error = await failure(place, "https://no-such-host.invalid/project.git");
    expect(error).toMatchObject({ code: "network-unreachable", exitCode: 1 });
    expect(error.message).toContain("no-such-host.invalid");
  });

  test("protocols that are not allowed", async () => {
    const place = createPlace();
    for (const source of ["http://example.org/x.git", "file:///etc", "ftp://example.org/x", "ext::sh -c id"])
      expect(await failure(place, source)).toMatchObject({ code: "source-refused", exitCode: 2 });
  });

  test.skipIf(!canBeStranger)("a folder, or a Git folder, that may not be read", async () => {
    const place = createStrangersPlace();
    const repository = sample(place);
    chmodSync(join(repository, ".git"), 0o700);
    if (!isRoot) chmodSync(join(repository, ".git"), 0o000);
    try {
      const hidden = await failure(place, repository, [], { through: asStranger });
      expect(hidden).toMatchObject({ code: "permission-denied", exitCode: 1 });
      expect(hidden.message).toContain(join(repository, ".git"));
    } finally {
      chmodSync(join(repository, ".git"), 0o755);
    }
    chmodSync(repository, isRoot ? 0o700 : 0o000);
    try {
      expect(await failure(place, repository, [], { through: asStranger })).toMatchObject({
        code: "permission-denied",
        exitCode: 1,
      });
    } finally {
      chmodSync(repository, 0o755);
    }
  });

  test.skipIf(!canBeStranger)("objects that may not be read", async () => {
    const place = createStrangersPlace();
    const repository = sample(place);
    const objects = join(repository, ".git", "objects");
    chmodSync(objects, isRoot ? 0o700 : 0o000);
    try {
      expect((await failure(place, repository, [], { through: asStranger })).code).toMatch(
        /^(permission-denied|revision-unknown|repository-damaged)$/,
      );
    } finally {
      chmodSync(objects, 0o755);
    }
  });

  test.skipIf(!canBeStranger)("a repository that may only be read is read, and stays as it was", async () => {
    const place = createStrangersPlace();
    const repository = sample(place);
    const all = (): string[] =>
      readdirSync(repository, { recursive: true, encoding: "utf8" }).map(
        (name) => `${name} ${statSync(join(repository, name)).mtimeMs}`,
      );
    if (!isRoot) spawnSync("chmod", ["-R", "a-w", repository]);
    const before = all();
    try {
      const found = await report(place, repository, [], { through: asStranger });
      expect(found.history).toMatchObject({ commits: 3, linesAdded: 6 });
      expect(found.warnings).toEqual([]);
      expect(all()).toEqual(before);
    } finally {
      spawnSync("chmod", ["-R", "u+w", repository]);
    }
  });
});

describe("data folder", () => {
  test("is a file", async () => {
    const place = createPlace();
    writeFileSync(join(place.folder, "file"), "");
    const error = await failure(place, sample(place), ["--data-dir", join(place.folder, "file")]);
    expect(error).toMatchObject({
      code: "permission-denied",
      exitCode: 1,
      message: expect.stringContaining("data_dir") as string,
    });
  });

  test.skipIf(!canBeStranger)("may not be written", async () => {
    const place = createPlace();
    const repository = sample(place);
    await report(place, repository);
    chmodSync(place.folder, 0o755);
    if (!isRoot) spawnSync("chmod", ["-R", "a-w", place.dataDir]);
    try {
      for (const dataDir of [place.dataDir, join(place.dataDir, "new")]) {
        const error = await failure(place, repository, ["--data-dir", dataDir], { through: asStranger });
        expect(error).toMatchObject({ code: "permission-denied", exitCode: 1 });
        expect(error.message).toContain(place.dataDir);
      }
    } finally {
      spawnSync("chmod", ["-R", "u+w", place.dataDir]);
    }
  });
});

describe("revisions", () => {
  test("that do not exist or are no commit", async () => {
    const place = createPlace();
    const repository = sample(place);
    const tree = git(repository, ["rev-parse", "HEAD^{tree}"]).trim();
    const blob = git(repository, ["rev-parse", "HEAD:a.js"]).trim();
    for (const revision of [
      "nope",
      tree,
      blob,
      "HEAD~9",
      "0".repeat(40),
      "--all",
      "HEAD --all",
      "main..HEAD",
      `x${escape}[2J`,
    ]) {
      const error = await failure(place, repository, [`--rev=${revision}`]);
      expect(error, revision).toMatchObject({ code: "revision-unknown", exitCode: 1 });
      expect(error.message).toContain(JSON.stringify(revision));
    }
  });

  test("of every kind are understood", async () => {
    const place = createPlace();
    const repository = sample(place);
    git(repository, ["tag", "-a", "v1", "-m", "one", "HEAD~1"]);
    const wanted = git(repository, ["rev-parse", "HEAD~1"]).trim();
    for (const revision of ["v1", "HEAD~1", "main^", wanted, wanted.slice(0, 8), "refs/tags/v1"]) {
      const found = await report(place, repository, ["--rev", revision]);
      expect(found.repository).toMatchObject({ head: wanted, branch: null });
      expect(found.history.commits).toBe(2);
    }
  });

  test("HEAD is detached, or a branch that is gone", async () => {
    const place = createPlace();
    const repository = sample(place);
    git(repository, ["checkout", "--quiet", "--detach", "HEAD~1"]);
    expect(await report(place, repository)).toMatchObject({
      repository: { branch: null },
      history: { commits: 2 },
    });
    git(repository, ["symbolic-ref", "HEAD", "refs/heads/gone"]);
    const error = await failure(place, repository);
    expect(error).toMatchObject({ code: "revision-unknown", exitCode: 1 });
    expect(error.message).toMatch(/gone.*main/);
  });
});

describe("shapes of repositories", () => {
  test("bare, subfolder, inside .git, linked work tree, submodule", async () => {
    const place = createPlace();
    const repository = sample(place);
    const expected = { history: { commits: 3, linesAdded: 6 }, warnings: [] };
    git(place.folder, ["clone", "--quiet", "--bare", repository, "bare.git"]);
    expect(await report(place, "bare.git")).toMatchObject({
      ...expected,
      repository: { name: "bare", branch: "main" },
    });
    expect(await report(place, ".", [], { cwd: join(repository, "docs") })).toMatchObject({
      ...expected,
      repository: { name: "sample" },
    });
    expect(await report(place, join(repository, ".git", "refs", "heads"))).toMatchObject({
      ...expected,
      repository: { name: "sample" },
    });

    git(repository, ["worktree", "add", "--quiet", "../linked", "-b", "linked", "HEAD~1"]);
    const linked = await report(place, "linked");
    expect(linked).toMatchObject({
      repository: { name: "linked", branch: "linked" },
      history: { commits: 2 },
      warnings: [],
    });
    appendFileSync(join(place.folder, "linked", "a.js"), "// more\n");
    expect(codes(await report(place, "linked"))).toEqual(["dirty-work-tree"]);

    const outer = createRepository(join(place.folder, "outer"), [
      { message: "first", files: { "b.txt": "b\n" } },
    ]);
    git(outer, ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", repository, "inner"]);
    git(outer, ["commit", "--quiet", "--message", "submodule"]);
    expect(await report(place, join(outer, "inner"))).toMatchObject({
      ...expected,
      repository: { name: "inner" },
    });
    const around = await report(place, outer);
    expect(around.history.commits).toBe(2);
    expect(around.warnings).toMatchObject([{ code: "submodule", path: "inner" }]);
  });

  test("sha256", async () => {
    const place = createPlace();
    const repository = join(place.folder, "new");
    git(place.folder, ["init", "--quiet", "--object-format=sha256", "--initial-branch=main", repository]);
    addCommit(repository, { message: "first", files: { "a.js": "let a;\n" } });
    addCommit(repository, { message: "second", files: { "a.js": "let a;\nlet b;\n" } });
    const found = await report(place, repository);
    expect(found).toMatchObject({ history: { commits: 2, linesAdded: 2 }, warnings: [] });
    expect(found.repository.head).toHaveLength(64);
  });

  test("shallow", async () => {
    const place = createPlace();
    const repository = sample(place);
    git(place.folder, ["clone", "--quiet", "--depth=2", `file://${repository}`, "shallow"]);
    const shallow = join(place.folder, "shallow");
    const found = await report(place, shallow);
    expect(codes(found)).toEqual(["shallow"]);
    expect(found.repository.shallow).toBe(true);
    expect(found.history.commits).toBe(Number(git(shallow, ["rev-list", "--count", "HEAD"])));
    const { added, deleted } = numstat(shallow);
    expect(found.history).toMatchObject({ linesAdded: added, linesDeleted: deleted });
    git(shallow, ["fetch", "--quiet", "--unshallow"]);
    const whole = await report(place, shallow);
    expect(whole).toMatchObject({ repository: { shallow: false }, history: { commits: 3 }, warnings: [] });
  });
});

describe("damage", () => {
  const objectPath = (repository: string, revision: string): string => {
    const oid = git(repository, ["rev-parse", revision]).trim();
    return join(repository, ".git", "objects", oid.slice(0, 2), oid.slice(2));
  };

  test("contents that are missing cost only themselves, and come back", async () => {
    const place = createPlace();
    const repository = sample(place);
    const whole = await report(place, repository, ["--no-cache"], { cwd: place.folder });
    const paths = [objectPath(repository, "HEAD:docs/b.md"), objectPath(repository, "HEAD~1:c.py")];
    const bytes = paths.map((path) => readFileSync(path));
    for (const path of paths) rmSync(path);
    const fresh: Place = { ...place, dataDir: join(place.folder, "fresh") };
    const found = await report(fresh, repository);
    expect(codes(found)).toEqual(["lines-unknown", "missing-blob"]);
    expect(found.warnings).toMatchObject([
      { path: "docs/b.md" },
      { code: "lines-unknown", message: expect.stringContaining("2 commits") as string },
    ]);
    // The first commit lacks both, the third the old c.py; the second is whole.
    expect(found.history).toMatchObject({
      commits: 3,
      linesAdded: 1,
      linesDeleted: 0,
      linesUnknownCommits: 2,
    });
    const {
      linesAdded: _a,
      linesUnknownCommits: _u,
      authors: _authors,
      fileAges: _ages,
      ...rest
    } = found.history;
    expect(whole.history).toMatchObject(rest);
    expect(asShortlog(found)).toEqual(asShortlog(whole));
    expect(found.languages.find((language) => language.name === "JavaScript")).toEqual(
      whole.languages.find((language) => language.name === "JavaScript"),
    );
    expect(found.symbols).toEqual(whole.symbols);

    for (const [index, path] of paths.entries()) writeFileSync(path, bytes[index]!);
    const again = await report(fresh, repository);
    expect(again.warnings).toEqual([]);
    expect(again.history).toEqual(whole.history);
  });

  test("a partial clone is a partial report", async () => {
    const place = createPlace();
    const repository = sample(place);
    git(repository, ["config", "uploadpack.allowFilter", "true"]);
    git(place.folder, [
      "clone",
      "--quiet",
      "--bare",
      "--filter=blob:none",
      `file://${repository}`,
      "partial.git",
    ]);
    const found = await report(place, "partial.git");
    expect(codes(found)).toEqual(["lines-unknown", "missing-blob", "partial-clone"]);
    expect(found.history).toMatchObject({ commits: 3, linesAdded: 0, linesUnknownCommits: 3 });
    expect(found.structure.files).toBe(3);
  });

  test("contents that are corrupt", async () => {
    const place = createPlace();
    const repository = sample(place);
    const path = objectPath(repository, "HEAD:docs/b.md");
    chmodSync(path, 0o644);
    writeFileSync(path, "this is not deflated");
    const found = await report(place, repository);
    expect(codes(found)).toEqual(["lines-unknown", "missing-blob"]);
    expect(found.history).toMatchObject({ commits: 3, linesUnknownCommits: 1, linesAdded: 3 });
    expect(found.languages.map((language) => language.name).toSorted()).toEqual(["JavaScript", "Python"]);
  });

  test("contents that end in the middle", async () => {
    const place = createPlace();
    const repository = sample(place);
    const noise = Array.from({ length: 20_000 }, (_, line) => `${Math.sin(line)}\n`).join("");
    addCommit(repository, { message: "large", files: { "large.txt": noise } });
    const path = objectPath(repository, "HEAD:large.txt");
    chmodSync(path, 0o644);
    writeFileSync(path, readFileSync(path).subarray(0, 60_000));
    const found = await report(place, repository);
    expect(codes(found)).toEqual(["lines-unknown", "missing-blob"]);
    expect(found.history).toMatchObject({ commits: 4, linesUnknownCommits: 1, linesAdded: 6 });
    expect(found.languages.map((language) => language.name)).toContain("Python");
  });

  test.each(["HEAD^{tree}", "HEAD~1", "HEAD~1^{tree}"])("a corrupt %s", async (revision) => {
    const place = createPlace();
    const repository = sample(place);
    const path = objectPath(repository, revision);
    chmodSync(path, 0o644);
    writeFileSync(path, "this is not deflated");
    expect(await failure(place, repository)).toMatchObject({ code: "repository-damaged", exitCode: 1 });
  });

  test("a ref that is broken is left out", async () => {
    const place = createPlace();
    const repository = sample(place);
    writeFileSync(join(repository, ".git", "refs", "heads", "broken"), "nonsense\n");
    writeFileSync(join(repository, ".git", "refs", "tags", "gone"), `${"1".repeat(40)}\n`);
    git(repository, ["tag", "good"]);
    const found = await report(place, repository);
    expect(found.history).toMatchObject({ commits: 3, tags: [{ name: "good" }] });
  });
});

describe("size", () => {
  /** Highest resident memory of the program, in bytes, while it runs. */
  function watchMemory(): {
    readonly onStart: (child: ChildProcess) => void;
    readonly peakBytes: () => number;
  } {
    let peak = 0;
    return {
      onStart(child) {
        const timer = setInterval(() => {
          if (!existsSync(`/proc/${child.pid}/status`)) return;
          peak = Math.max(
            peak,
            Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0) *
              1024,
          );
        }, 20);
        child.once("exit", () => clearInterval(timer));
      },
      peakBytes: () => peak,
    };
  }

  test("ten million paths", async () => {
    const place = createPlace();
    const repository = sample(place);
    let tree = git(repository, ["hash-object", "-w", "--stdin"], { input: "x\n" }).trim();
    let line = (name: number): string => `100644 blob ${tree}\tf${name}\n`;
    for (let level = 0; level < 7; level++) {
      tree = git(repository, ["mktree"], {
        input: Array.from({ length: 10 }, (_, name) => line(name)).join(""),
      }).trim();
      line = (name) => `040000 tree ${tree}\td${name}\n`;
    }
    const commit = git(repository, ["commit-tree", tree, "-p", "HEAD", "-m", "bomb"]).trim();
    git(repository, ["update-ref", "refs/heads/main", commit]);
    const memory = watchMemory();
    const startedAt = performance.now();
    const found = await report(
      place,
      repository,
      ["--limits-paths", "2000", "--limits-git-memory", "100MB"],
      memory,
    );
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    expect(codes(found)).toEqual(["huge-commit", "lines-unknown", "too-many-paths", "work-tree-unknown"]);
    expect(found.history).toMatchObject({ commits: 4, linesAdded: 6, linesUnknownCommits: 1 });
    expect(found.structure.files).toBe(2_000);
    expect(memory.peakBytes()).toBeGreaterThan(20e6);
    expect(memory.peakBytes()).toBeLessThan(500e6);
  });

  test("a hundred megabytes in one file", async () => {
    const place = createPlace();
    const repository = sample(place);
    addCommit(repository, {
      message: "huge",
      files: { "huge.txt": Buffer.alloc(100 * 2 ** 20, "line of text\n") },
    });
    const memory = watchMemory();
    const found = await report(place, repository, ["--no-lines"], memory);
    expect(found.warnings).toMatchObject([{ code: "huge-file", path: "huge.txt" }]);
    expect(found.structure.bytes).toBeGreaterThan(100 * 2 ** 20);
    const small = memory.peakBytes();
    expect(small).toBeLessThan(300e6);

    const control = watchMemory();
    const read = await report(
      place,
      repository,
      ["--no-lines", "--no-cache", "--limits-file-bytes", "1GB"],
      control,
    );
    expect(codes(read)).not.toContain("missing-blob");
    expect(control.peakBytes(), "control: read without the limit").toBeGreaterThan(small + 100e6);
  });
});

describe("names", () => {
  const names = [
    "new\nINJECTED line.js",
    `escape${escape}[31mred.js`,
    "<img src=x onerror=alert(1)>.js",
    "-rf.js",
    "--help.js",
    `quote"single'back\`tick.js`,
    "back\\slash.js",
    "emoji 🦊.js",
    "pipe|table.js",
    "tab\tname.js",
    "[link](javascript:alert(1)).js",
    "rtl\u202ename.js",
    "carriage\rreturn.js",
    `${"n".repeat(252)}.js`,
    " leading space.js",
    "*.js",
    "$(touch ran).js",
  ];

  /** Every name changes in several commits, so that it stands in hotspots too. */
  function createNamed(place: Place): string {
    const repository = sample(place);
    const write = (version: number): void => {
      const blob = git(repository, ["hash-object", "-w", "--stdin"], {
        input: Array.from(
          { length: 20 + version },
          (_, line) => `function f${line}() { if (a) b(); }\n`,
        ).join(""),
      }).trim();
      const input = names.map((name) => `100644 ${blob}\t${name}\0`).join("");
      git(repository, ["update-index", "-z", "--index-info"], { input });
      // Bytes that are no UTF-8, as an old Windows or a latin-1 system leaves them.
      git(repository, ["update-index", "-z", "--index-info"], {
        input: Buffer.concat([
          Buffer.from(`100644 ${blob}\tlatin`),
          Buffer.from([0xe9, 0xff]),
          Buffer.from(".js\0"),
        ]),
      });
      git(
        repository,
        ["commit", "--quiet", "--message", `<script>alert(${version})</script> ${escape}[31m`],
        {
          environment: {
            GIT_AUTHOR_NAME: `Eve ${escape}]0;title\u0007 | <b>`,
            GIT_AUTHOR_EMAIL: "eve@example.org",
          },
        },
      );
    };
    for (let version = 0; version < 4; version++) write(version);
    return repository;
  }

  test("reach JSON whole and nothing else raw", async () => {
    const place = createPlace();
    const repository = createNamed(place);
    const found = await report(place, repository);
    const hotspots = found.history.hotspots.map((hotspot) => hotspot.path);
    expect(hotspots.length).toBeGreaterThanOrEqual(10);
    for (const name of hotspots)
      expect([...names, String.raw`latin\xe9\xff.js`, "a.js", "c.py"]).toContain(name);
    const largest = found.structure.largestFiles.map((file) => file.path);
    expect(largest.filter((name) => names.includes(name)).length).toBeGreaterThanOrEqual(5);
    expect(found.warnings.filter((warning) => warning.code === "undecodable-name")).toMatchObject([
      { path: String.raw`latin\xe9\xff.js` },
    ]);
    expect(found.structure.files).toBe(names.length + 1 + 3);
    expect(found.history).toMatchObject({
      linesAdded: numstat(repository).added,
      linesDeleted: numstat(repository).deleted,
    });

    const terminal = await run(place, ["analyze", repository]);
    expect(terminal.code, terminal.stderr).toBe(0);
    // Colours are off in a pipe, so no control character at all may be left but the end of a line.
    expect(terminal.stdout.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u007f\u202e]/);
    expect(terminal.stdout).not.toMatch(/^INJECTED/m);
    expect(terminal.stdout).toContain(String.raw`\x1b`);

    const markdown = await run(place, ["analyze", repository, "--markdown"]);
    expect(markdown.code, markdown.stderr).toBe(0);
    expect(markdown.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
    expect(markdown.stdout).not.toMatch(/^INJECTED/m);
    // Between backticks everything is only text.
    const active = markdown.stdout.replace(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, "");
    expect(active.length, "control: there is text outside of them").toBeGreaterThan(500);
    expect(active).not.toMatch(/(^|[^\\])<(img|script|b)\b/);
    expect(active).not.toMatch(/(^|[^\\])\]\(javascript:/);
    expect(existsSync(join(repository, "ran"))).toBe(false);
  });

  test("of a repository's folder are no trouble either", async () => {
    const place = createPlace();
    const folder = join(place.folder, `odd "name" #1\\ <b> ${escape}[31m\nline`);
    sample(place, `odd "name" #1\\ <b> ${escape}[31m\nline`);
    const found = await report(place, ".", [], { cwd: folder });
    expect(found.history.commits).toBe(3);
    const terminal = await run(place, ["analyze"], { cwd: folder });
    expect(terminal.code).toBe(0);
    expect(terminal.stdout).not.toContain(escape);
  });

  test("that loop as symbolic links in the tree", async () => {
    const place = createPlace();
    const repository = sample(place);
    symlinkSync("loop", join(repository, "loop"));
    symlinkSync("..", join(repository, "docs", "up"));
    git(repository, ["add", "--all"]);
    git(repository, ["commit", "--quiet", "--message", "loops"]);
    const found = await report(place, repository);
    expect(found.warnings).toEqual([]);
    expect(found.structure.files).toBe(5);
  });

  test("that a tree has twice, or that lead out of it", async () => {
    const place = createPlace();
    const repository = sample(place);
    const blob = Buffer.from(git(repository, ["rev-parse", "HEAD:a.js"]).trim(), "hex");
    const entry = (name: string): Buffer => Buffer.concat([Buffer.from(`100644 ${name}\0`), blob]);
    const tree = writeObject(
      repository,
      "tree",
      Buffer.concat([entry(".."), entry(".git"), entry("a.js"), entry("a.js")]),
    );
    const commit = git(repository, ["commit-tree", tree, "-m", "odd"]).trim();
    git(repository, ["update-ref", "HEAD", commit]);
    expect((await report(place, repository)).history.commits).toBe(1);
  });
});

describe("commits", () => {
  const committer = "Ada <ada@example.org> 1700900000 +0000";

  test("with odd people", async () => {
    const place = createPlace();
    const repository = sample(place);
    const latin = Buffer.concat([
      Buffer.from("Andr"),
      Buffer.from([0xe9]),
      Buffer.from(" <andre@example.org> 1700600000 +0100"),
    ]);
    commitRaw(repository, latin, committer, Buffer.from([0x67, 0xe9, 0xff, 0x0a]));
    commitRaw(repository, latin, committer, Buffer.from([0x67, 0xe9, 0x0a]), "encoding ISO-8859-1\n");
    commitRaw(repository, " <nameless@example.org> 1700600000 +0100", committer, "nameless\n");
    commitRaw(repository, "Mailless <> 1700600000 +0100", committer, "mailless\n");
    commitRaw(repository, "Eve <eve <at> example.org> 1700600000 +0100", committer, "brackets\n");
    commitRaw(repository, `Tab\there, "quoted" <t@example.org> 1700600000 +0100`, committer, "");
    commitRaw(
      repository,
      "Ada   <ada@example.org> 1700600000 +0100",
      committer,
      "\n\nsubject after empty lines\n",
    );
    const found = await report(place, repository);
    expect(found.history.commits).toBe(10);
    expect(asShortlog(found)).toEqual(shortlog(repository));
  });

  test.each([
    ["1970", "0 +0000"],
    ["before 1970", "-86400 +0000"],
    ["2100", "4102444800 +0000"],
    ["2106 and later", "9999999999 +0000"],
    ["a year of six digits", "9999999999999 +0000"],
    ["more than a Date can hold", "999999999999999 +0000"],
    ["more than Git can hold", "99999999999999999999999 +0000"],
    ["a zone that does not exist", "1700600000 +9999"],
    ["another such zone", "1700600000 -7500000"],
    ["no date at all", ""],
    ["words", "yesterday"],
  ])("with a date that is %s", async (_, date) => {
    const place = createPlace();
    const repository = sample(place);
    commitRaw(repository, `Eve <eve@example.org> ${date}`, `Eve <eve@example.org> ${date}`, "odd\n");
    addCommit(repository, { message: "after", files: { "z.txt": "z\n" }, at: 1_701_000_000 });
    const found = await report(place, repository);
    expect(found.history).toMatchObject({ commits: 5, linesAdded: 7 });
    expect(asShortlog(found)).toEqual(shortlog(repository));
    expect(found.history.activity.length).toBeLessThan(4_000);
    for (const instant of [
      found.history.firstCommitAt,
      found.history.lastCommitAt,
      ...found.history.authors.flatMap((author) => [author.firstCommitAt, author.lastCommitAt]),
    ])
      expect(instant).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    for (const { week } of found.history.activity) expect(week).toMatch(/^\d{4}-\d\d-\d\d$/);
    const shown = await run(place, ["analyze", repository]);
    expect(shown.code, shown.stderr).toBe(0);
  });

  test("whose people a .mailmap brings together", async () => {
    const place = createPlace();
    const repository = sample(place);
    const people = [
      "Ada L <ada@old.example>",
      "ada <ADA@OLD.example>",
      "Bob <bob@example.org>",
      "Robert <bob@work.example>",
      "Carl <carl@example.org>",
      "CARL <carl@example.org>",
      "Dora <shared@example.org>",
      "Emil <shared@example.org>",
      "Fay <>",
      "Gus <gus at example.org>",
      "Hé <he@example.org>",
      "Ina <+1+ina@users.noreply.example>",
      "O'Brien <ob@example.org>",
    ];
    for (const [index, author] of people.entries())
      addCommit(repository, { message: `by ${index}`, author, files: { "a.js": `${index}\n` } });
    addCommit(repository, {
      message: "mailmap",
      files: {
        ".mailmap": [
          "# a comment",
          "Ada <ada@example.org> <ada@old.example>",
          "<bob@example.org> <bob@work.example>",
          "Bob Builder <bob@example.org>",
          "Carl Real <carl@example.org>",
          "Dora Real <dora@example.org> Dora <shared@example.org>",
          "Emil Real <emil@example.org> emil <shared@example.org>",
          "Fay Real <fay@example.org> Fay <>",
          "Gus Real <gus@example.org> <gus at example.org>",
          "Hé Ré <he@new.example> <HE@example.org>",
          "Ina <ina@example.org> <+1+ina@users.noreply.example>",
          "broken line",
          "<only@one.example>",
          "  Spaces   Here   <ob@example.org>  ",
          "",
        ].join("\n"),
      },
    });
    commitRaw(repository, " <carl@example.org> 1700600000 +0100", committer, "nameless\n");
    commitRaw(repository, " <new@example.org> 1700600000 +0100", committer, "nameless\n");
    commitRaw(repository, "Fay <> 1700600000 +0100", committer, "mailless\n");
    const expected = shortlog(repository);
    expect(expected.join("\n"), "control: the file is in force").toContain("Dora Real <dora@example.org>");
    expect(asShortlog(await report(place, repository))).toEqual(expected);
  });
});

describe(".gitattributes", () => {
  test("decide what counts as binary, as for git log in the work tree", async () => {
    const place = createPlace();
    const lines = (count: number): string => "line\n".repeat(count);
    const repository = createRepository(join(place.folder, "sample"), [
      {
        message: "first",
        files: {
          ".gitattributes":
            '# comment\n*.dat -diff\n*.min.js binary\n/top.txt -diff\nsub/only.txt -diff text\nvendor/** -diff\n"with space.txt" binary\n[attr]mine -diff\n*.mine mine\n*.svg diff=xml\n*.bin diff\n*.undone binary\n',
          "inner/.gitattributes":
            "*.txt binary\n!bad -diff\nkeep.txt diff\ndeep/x.md -diff\n/here.md -diff\n*.undone !binary diff\n",
          "a.dat": lines(3),
          "a.min.js": lines(5),
          "top.txt": lines(7),
          "x/top.txt": lines(11),
          "sub/only.txt": lines(13),
          "vendor/lib/a.c": lines(17),
          "with space.txt": lines(19),
          "a.mine": lines(23),
          "a.svg": lines(29),
          "a.bin": `${lines(31)}\u0000\n`,
          "inner/a.txt": lines(37),
          "inner/deep/b.txt": lines(41),
          "inner/keep.txt": lines(43),
          "inner/deep/x.md": lines(47),
          "inner/here.md": lines(53),
          "inner/deep/here.md": lines(59),
          "inner/a.undone": lines(61),
          "b.undone": lines(67),
          "plain.txt": lines(71),
        },
      },
      {
        message: "second",
        files: {
          "a.dat": lines(5),
          "top.txt": lines(9),
          "inner/a.txt": lines(40),
          "inner/keep.txt": lines(1),
          "with space.txt": lines(2),
          "a.mine": "x\n",
          "plain.txt": "y\n",
          "a.bin": lines(3),
          "inner/a.undone": "z\n",
        },
      },
    ]);
    git(repository, ["mv", "plain.txt", "renamed.dat"]);
    git(repository, ["mv", "x/top.txt", "moved.txt"]);
    appendFileSync(join(repository, "moved.txt"), "one more\n");
    git(repository, ["commit", "--quiet", "--all", "--message", "renames"]);
    const { added, deleted } = numstat(repository);
    const without = git(repository, ["-C", join(repository, ".git"), "log", "--numstat", "--format=", "HEAD"])
      .split("\n")
      .reduce((sum, row) => sum + (Number.parseInt(row, 10) || 0), 0);
    expect(without, "control: the attributes matter").not.toBe(added);
    expect((await report(place, repository)).history).toMatchObject({
      linesAdded: added,
      linesDeleted: deleted,
    });
  });
});

describe("manifests", () => {
  test("that are not valid leave the report whole", async () => {
    const place = createPlace();
    const deep = "[".repeat(50_000);
    const repository = createRepository(join(place.folder, "sample"), [
      {
        message: "first",
        files: {
          "package.json": '{ "name": "x", "dependencies": { "a": ',
          "package-lock.json": deep,
          "Cargo.toml": "[package\nname = ",
          "Cargo.lock": "= = =",
          "pom.xml": "<project><dependencies><dependency>",
          "a.csproj": "<Project>&undefined;</Nope>",
          "pyproject.toml": "[tool.poetry\n",
          "composer.json": "null",
          "composer.lock": "[]",
          "go.mod": "module\nrequire (\n",
          Gemfile: "gem (((\n",
          "Gemfile.lock": "GEM\n  remote",
          "build.gradle": "dependencies { implementation '",
          "mix.exs": "defp deps do [",
          "pubspec.yaml": "a: [b\n: :",
          "Package.swift": "let package = Package(",
          "docker-compose.yml": "services:\n\t- x: {",
          Dockerfile: "FROM\n",
          "requirements.txt": "===\n-r nowhere\n\u0000\n",
          ".github/workflows/a.yml": "&a [*a, *a",
          "yarn.lock": "@@@",
          "pnpm-lock.yaml": "%",
          "tsconfig.json": "{{{",
          "vcpkg.json": '"text"',
          "pnpm-workspace.yaml": "packages: 7",
          "one/package.json": "[]",
          "two/package.json":
            '{"dependencies": "no", "scripts": 3, "workspaces": {"packages": 1}, "bin": [1], "engines": []}',
          "three/package.json": "",
          "four/package.json":
            '{"name": {"__proto__": null}, "dependencies": {"__proto__": "1", "b": null, "c": {"d": 1}}}',
          "a.js": "let a;\n",
        },
      },
    ]);
    const found = await report(place, repository);
    expect(found.history).toMatchObject({ commits: 1 });
    expect(found.structure.files).toBe(30);
    expect(found.languages.map((language) => language.name)).toContain("JavaScript");
    const shown = await run(place, ["analyze", repository]);
    expect(shown.code, shown.stderr).toBe(0);
  });
});

describe("settings and arguments", () => {
  test("a value that does not fit", async () => {
    const place = createPlace();
    const repository = sample(place);
    for (const [flag, value, expected] of [
      ["--limits-paths", "zero", "limits.paths"],
      ["--limits-paths", "0", "limits.paths"],
      ["--limits-file-bytes", "5 elephants", "512KB"],
      ["--git-clone-timeout", "soon", "30s"],
      ["--git-allow-private-hosts", "maybe", "true or false"],
      ["--log-level", "loud", "log.level"],
    ] as const) {
      const error = await failure(place, repository, [flag, value]);
      expect(error, flag).toMatchObject({ code: "config-invalid", exitCode: 2 });
      expect(error.message).toContain(JSON.stringify(value));
      expect(error.message).toContain(flag);
      expect(error.message).toContain(expected);
    }
    const error = await failure(place, repository, [], { environment: { REPOWRIGHT_GIT_TOKENS: "s3cr3t" } });
    expect(error).toMatchObject({
      code: "config-invalid",
      exitCode: 2,
      message: expect.stringContaining("REPOWRIGHT_GIT_TOKENS") as string,
    });
    expect(error.message).not.toContain("s3cr3t");
  });

  test.each([
    ["[limits]\npath = 3\n", /limits\.path, which is not a setting/],
    ["[limits\n", /not valid TOML/],
    ['[limits]\npaths = "many"\n', /limits\.paths \(project file .*"many"/],
    ["[git]\nallow_private_hosts = true\n", /git\.allow_private_hosts, which only the user file/],
    ['data_dir = "/elsewhere"\n', /data_dir, which only the user file/],
    ['[git]\nprogram = "./evil"\n', /git\.program, which only/],
    ["git = 3\n", /git, which is not a setting/],
  ])("a project file of %j", async (text, expected) => {
    const place = createPlace();
    const repository = sample(place);
    writeFileSync(join(repository, "repowright.toml"), text);
    const error = await failure(place, ".", [], { cwd: join(repository, "docs") });
    expect(error).toMatchObject({ code: "config-invalid", exitCode: 2 });
    expect(error.message).toContain(join(repository, "repowright.toml"));
    expect(error.message).toMatch(expected);
  });

  test("a project file that is right is obeyed, and the environment is stronger", async () => {
    const place = createPlace();
    const repository = sample(place);
    writeFileSync(join(repository, "repowright.toml"), "[limits]\npaths = 2\n");
    expect((await report(place, ".", [], { cwd: repository })).structure.files).toBe(2);
    expect(
      (await report(place, ".", [], { cwd: repository, environment: { REPOWRIGHT_LIMITS_PATHS: "1" } }))
        .structure.files,
    ).toBe(1);
  });

  test("words that are not known", async () => {
    const place = createPlace();
    for (const [args, expected] of [
      [["analyse"], /no command "analyse".*analyze/],
      [["config"], /needs one of: config show/],
      [["analyze", "--jsn"], /no option --jsn.*--json/],
      [["analyze", "--limits-pahts=3"], /--limits-paths/],
      [["analyze", "a", "b"], /"b" is one too many/],
      [["analyze", "--rev"], /--rev.* needs a value/],
      [["analyze", "--json", "--markdown"], /--json and --markdown/],
      [["analyze", "--json=yes"], /--json/],
      [["analyze", "--git-tokens", "x=y"], /no option --git-tokens/],
      [[`${escape}[2J`], /no command/],
    ] as const) {
      const result = await run(place, args);
      expect(result.code, args.join(" ")).toBe(2);
      expect(result.stdout).toBe("");
      expect(result.stderr).toMatch(expected);
      expect(result.stderr).not.toMatch(/^\s+at /m);
      expect(result.stderr).not.toContain(escape);
    }
  });

  test("an output that cannot be written", async () => {
    const place = createPlace();
    const repository = sample(place);
    expect(await run(place, ["analyze", repository, "--html", "no/such/folder.html"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no/such/folder.html") as string,
    });
  });

  test("an output that is closed early is no failure", async () => {
    const place = createPlace();
    const repository = sample(place);
    for (const args of [["--json"], []]) {
      const result = await run(place, ["analyze", repository, ...args], {
        onStart: (child) => void child.stdout!.destroy(),
      });
      expect(result.code, result.stderr).toBe(0);
      expect(result.stderr).not.toMatch(/error|EPIPE| at /);
    }
  });

  test("a program that is not Git", async () => {
    const place = createPlace();
    const repository = sample(place);
    expect(await failure(place, repository, ["--git-program", "no-such-git"])).toMatchObject({
      code: "git-missing",
      exitCode: 1,
      message: expect.stringContaining("no-such-git") as string,
    });
  });
});
