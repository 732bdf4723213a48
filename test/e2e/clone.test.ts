import { spawnSync, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Analysis } from "../../src/contracts/analysis.ts";
import { endProcesses, isRunning, processesNaming, until } from "../support/child-processes.ts";
import { runProgram, type CliOptions, type CliResult } from "../support/cli.ts";
import { startGitServer, type GitServer } from "../support/git-http-server.ts";
import { addCommit, createRepository, git, temporaryFolder } from "../support/repositories.ts";

/** The real program against a real Git server: cloning, updating, and everything that can go wrong on the way. */
const network = {
  REPOWRIGHT_ANALYZE_WORKERS: "1",
  REPOWRIGHT_GIT_PROTOCOLS: "http,https,ssh",
  REPOWRIGHT_GIT_ALLOW_PRIVATE_HOSTS: "true",
};

interface Place {
  readonly folder: string;
  readonly dataDir: string;
  /** Folder that a server serves. */
  readonly root: string;
  /** A person's checkout; what they push is in `root`. */
  readonly work: string;
}

const firstVersion = Array.from({ length: 40 }, (_, line) => `const value${line} = ${line};\n`).join("");
const noise = randomBytes(1_000_000);

/** `root/project.git` with five commits, a merge, a rename, a tag and a second branch. */
function createPlace(): Place {
  const folder = temporaryFolder();
  const work = createRepository(join(folder, "work"), [
    { message: "feat: begin", files: { "src/a.js": firstVersion, "README.md": "# Project\n" } },
    {
      message: "feat: python",
      files: {
        "tool.py": "# says hello\nprint('hello')\n",
        "src/a.js": `${firstVersion}function last() {}\n`,
      },
    },
    {
      message: "refactor: move",
      author: "Bob <bob@example.org>",
      files: { "src/a.js": null, "src/b.js": `${firstVersion}function last() {}\n` },
    },
  ]);
  git(work, ["switch", "--quiet", "--create", "side"]);
  addCommit(work, { message: "fix: side", files: { "side.txt": "side\n" }, at: 1_700_300_000 });
  git(work, ["switch", "--quiet", "main"]);
  addCommit(work, {
    message: "docs: more",
    files: { "README.md": "# Project\n\nMore.\n" },
    at: 1_700_400_000,
  });
  git(work, ["merge", "--quiet", "--no-edit", "side"], {
    environment: { GIT_AUTHOR_DATE: "1700500000 +0000", GIT_COMMITTER_DATE: "1700500000 +0000" },
  });
  git(work, ["tag", "v1.0.0"]);
  const root = join(folder, "root");
  mkdirSync(root);
  git(folder, ["clone", "--quiet", "--bare", work, join(root, "project.git")]);
  git(work, ["remote", "add", "origin", join(root, "project.git")]);
  return { folder, dataDir: join(folder, "data"), root, work };
}

/** As `createPlace`, with a megabyte that does not compress, so that a transfer can be caught in the middle. */
function createLargePlace(): Place {
  const place = createPlace();
  addCommit(place.work, { message: "feat: large", files: { "large.bin": noise } });
  git(place.work, ["push", "--quiet", "origin", "main"]);
  return place;
}

function analyze(
  place: Place,
  source: string,
  args: readonly string[] = [],
  options: Partial<CliOptions> = {},
): Promise<CliResult> {
  const { environment, ...others } = options;
  return runProgram(["analyze", source, "--json", ...args], {
    cwd: place.folder,
    dataDir: place.dataDir,
    environment: { ...network, ...environment },
    ...others,
  });
}

async function report(
  place: Place,
  source: string,
  args: readonly string[] = [],
  options: Partial<CliOptions> = {},
): Promise<Analysis> {
  const result = await analyze(place, source, args, options);
  expect(result.code, result.stderr).toBe(0);
  return JSON.parse(result.stdout) as Analysis;
}

function errorOf(result: CliResult): {
  code: string;
  message: string;
  help: string;
  exitCode: number | null;
} {
  expect(result.stdout).toBe("");
  expect(result.stderr).not.toMatch(/^\s+at /m);
  const line = result.stderr.trim().split("\n").at(-1)!;
  return {
    ...(JSON.parse(line) as { error: { code: string; message: string; help: string } }).error,
    exitCode: result.code,
  };
}

/** The one folder under `repositories/`. */
function repositoryFolder(place: Place): string {
  const names = readdirSync(join(place.dataDir, "repositories"));
  expect(names).toHaveLength(1);
  return join(place.dataDir, "repositories", names[0]!);
}

const cloneOf = (place: Place): string => join(repositoryFolder(place), "git");

function leftovers(place: Place): string[] {
  const folder = join(place.dataDir, "repositories");
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) =>
    readdirSync(join(folder, name)).filter((entry) => entry.startsWith("new-")),
  );
}

function missingObjects(gitDir: string): string[] {
  return git(gitDir, ["rev-list", "--objects", "--all", "--missing=print"])
    .split("\n")
    .filter((line) => line.startsWith("?"));
}

/** A stand-in for Git that writes down its arguments, one call per line. */
function loggingGit(place: Place): {
  readonly environment: Record<string, string>;
  readonly calls: () => string[];
} {
  const log = join(place.folder, "git-calls");
  const program = join(place.folder, "logging-git");
  writeFileSync(program, `#!/bin/sh\necho "$*" >> '${log}'\nexec git "$@"\n`, { mode: 0o755 });
  return {
    environment: { REPOWRIGHT_GIT_PROGRAM: program },
    calls: () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []),
  };
}

function comparable(analysis: Analysis): unknown {
  const { timings: _timings, repository, ...rest } = analysis;
  return { ...rest, repository: { ...repository, source: "" } };
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

describe("a first clone", () => {
  test("is bare and without contents until they are wanted", async () => {
    const place = createPlace();
    const server = await startGitServer(place.root);
    const source = `${server.url}/project.git`;
    const fast = await report(place, source, ["--no-lines"]);
    const clone = cloneOf(place);
    expect(git(clone, ["rev-parse", "--is-bare-repository"]).trim()).toBe("true");
    expect(existsSync(join(clone, "index"))).toBe(false);
    // Old versions of src/a.js and README.md were not needed; those of HEAD were.
    expect(missingObjects(clone)).toHaveLength(2);
    expect(fast.history.commits).toBe(6);
    expect(fast.warnings).toEqual([]);
    expect(server.requests.some((request) => request.endsWith("/git-upload-pack"))).toBe(true);
    expect(git(clone, ["config", "--list", "--local"]), "no local command may reach the network").not.toMatch(
      /promisor|partialclone/i,
    );

    const whole = await report(place, source);
    expect(missingObjects(clone)).toEqual([]);
    expect(whole.history.linesAdded).toBe(47);
  });

  test("gives the report that the local path gives", async () => {
    const place = createPlace();
    const server = await startGitServer(place.root);
    const remote = await report(place, `${server.url}/project.git`);
    const local = await report(place, join(place.root, "project.git"), ["--no-cache"]);
    expect(remote.history).toMatchObject({
      commits: 6,
      merges: 1,
      authors: [{ name: "Ada" }, { name: "Bob" }],
      tags: [{ name: "v1.0.0" }],
    });
    expect(remote.languages.map((language) => language.name)).toContain("JavaScript");
    expect(comparable(remote)).toEqual(comparable(local));
  });

  test("works with a server that knows no partial clone", async () => {
    const place = createPlace();
    const server = await startGitServer(place.root, { allowsFilter: false });
    const found = await report(place, `${server.url}/project.git`, ["--no-lines"]);
    expect(missingObjects(cloneOf(place))).toEqual([]);
    expect(found.history.commits).toBe(6);
  });

  test("goes over ssh, in both ways of writing an address", async () => {
    const place = createPlace();
    const log = join(place.folder, "ssh-calls");
    const program = join(place.folder, "fake-ssh");
    writeFileSync(
      program,
      `#!/bin/sh\nfor last; do if [ "$last" = -G ]; then exit 0; fi; done\necho "$*" >> '${log}'\ncd '${place.root}'\n` +
        `export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=uploadpack.allowFilter GIT_CONFIG_VALUE_0=true\nexec sh -c "$last"\n`,
      { mode: 0o755 },
    );
    const environment = { REPOWRIGHT_GIT_SSH_COMMAND: program };
    const scp = await report(place, "git@code.example:project.git", [], { environment });
    expect(scp).toMatchObject({
      repository: { name: "project", source: "git@code.example:project.git" },
      history: { commits: 6, linesAdded: 47 },
    });
    const url = await report(place, `ssh://git@code.example:2222${place.root}/project.git`, [], {
      environment,
    });
    expect(url.history).toEqual(scp.history);
    const calls = readFileSync(log, "utf8");
    expect(calls).toContain("-oBatchMode=yes");
    expect(calls).toMatch(/git@code\.example git-upload-pack 'project\.git'/);
    expect(calls).toMatch(/-p 2222 .*git@code\.example git-upload-pack/);

    rmSync(log);
    // The host is judged and pinned when private hosts are not allowed.
    await report(place, `ssh://git@8.8.8.8:2222${place.root}/project.git`, [], {
      environment: { ...environment, REPOWRIGHT_GIT_ALLOW_PRIVATE_HOSTS: "false" },
    });
    expect(readFileSync(log, "utf8")).toContain("-oHostName=8.8.8.8 -oHostKeyAlias=[8.8.8.8]:2222");
  });
});

describe("a later run", () => {
  test("fetches only what is new", async () => {
    const place = createLargePlace();
    const server = await startGitServer(place.root);
    const source = `${server.url}/project.git`;
    await report(place, source);
    expect(server.traffic.bytes).toBeGreaterThan(noise.length);

    server.traffic.bytes = 0;
    server.requests.length = 0;
    const { environment, calls } = loggingGit(place);
    await report(place, source, [], { environment });
    expect(server.traffic.bytes, "nothing was pushed").toBeLessThan(4_000);
    expect(calls().filter((call) => / clone /.test(call))).toEqual([]);

    const head = addCommit(place.work, { message: "feat: new", files: { "new.txt": "new\n" } });
    git(place.work, ["push", "--quiet", "origin", "main"]);
    server.traffic.bytes = 0;
    const after = await report(place, source);
    expect(after.repository.head).toBe(head);
    expect(after.history.commits).toBe(8);
    expect(after.history.linesAdded).toBe(48);
    expect(server.traffic.bytes).toBeGreaterThan(100);
    expect(server.traffic.bytes).toBeLessThan(8_000);
    expect(git(cloneOf(place), ["config", "--list", "--local"])).not.toMatch(/promisor|partialclone/i);
    expect(comparable(after)).toEqual(comparable(await report(place, source, ["--no-cache"])));
  });

  test("follows a forced push, a renamed default branch, and removes what was deleted", async () => {
    const place = createPlace();
    const server = await startGitServer(place.root);
    const source = `${server.url}/project.git`;
    const bare = join(place.root, "project.git");
    await report(place, source);
    expect(git(cloneOf(place), ["branch", "--list"])).toContain("side");

    git(place.work, ["reset", "--quiet", "--hard", "HEAD~1"]);
    const forced = addCommit(place.work, { message: "feat: instead", files: { "instead.txt": "x\n" } });
    git(place.work, ["push", "--quiet", "--force", "origin", "main"]);
    git(place.work, ["push", "--quiet", "origin", ":side", ":v1.0.0"]);
    const second = await report(place, source);
    expect(second.repository.head).toBe(forced);
    expect(second.history).toMatchObject({ commits: 5, merges: 0, tags: [] });
    expect(git(cloneOf(place), ["branch", "--list"])).not.toContain("side");
    expect(comparable(second)).toEqual(comparable(await report(place, source, ["--no-cache"])));
    expect((await analyze(place, source, ["--rev", "side"])).code).toBe(1);

    git(bare, ["branch", "--move", "main", "trunk"]);
    git(bare, ["symbolic-ref", "HEAD", "refs/heads/trunk"]);
    const third = await report(place, source);
    expect(third.repository).toMatchObject({ head: forced, branch: "trunk" });
  });

  test("uses the clone as it is when the server is away", async () => {
    const place = createPlace();
    const server = await startGitServer(place.root);
    const source = `${server.url}/project.git`;
    const before = await report(place, source);
    server.close();
    const after = await report(place, source);
    expect(after.warnings.map((warning) => warning.code)).toEqual(["stale-clone"]);
    expect(after.history).toEqual(before.history);
    expect(existsSync(join(cloneOf(place), "HEAD"))).toBe(true);
  });

  test("does not give up when the server went away before contents were fetched", async () => {
    const place = createPlace();
    const server = await startGitServer(place.root);
    const source = `${server.url}/project.git`;
    await report(place, source, ["--no-lines"]);
    server.close();
    const after = await report(place, source, ["--no-cache"]);
    expect(after.warnings.map((warning) => warning.code)).toEqual(
      expect.arrayContaining(["stale-clone", "lines-unknown"]),
    );
    expect(after.history).toMatchObject({ commits: 6, linesUnknownCommits: 3 });
  });
});

describe("a server that refuses", () => {
  test("and was never reached: a clear error, nothing left", async () => {
    const place = createPlace();
    const server = await startGitServer(place.root);
    server.close();
    const error = errorOf(await analyze(place, `${server.url}/project.git`));
    expect(error).toMatchObject({ code: "network-unreachable", exitCode: 1 });
    expect(error.message).toContain("could not be reached");
    expect(leftovers(place)).toEqual([]);
  });

  test("with 401, 403, 404 or 500 is told apart", async () => {
    const place = createPlace();
    let status = 401;
    const server = await startGitServer(place.root, {
      intercept(_, response) {
        response.writeHead(status, status === 401 ? { "www-authenticate": 'Basic realm="code"' } : {}).end();
        return true;
      },
    });
    for (const [answer, code] of [
      [401, "authentication-failed"],
      [403, "authentication-failed"],
      [404, "authentication-failed"],
      [500, "network-unreachable"],
    ] as const) {
      status = answer;
      const error = errorOf(await analyze(place, `${server.url}/project.git`));
      expect(error, String(answer)).toMatchObject({ code, exitCode: 1 });
      expect(error.help).not.toBe("");
    }
    expect(leftovers(place)).toEqual([]);
  });
});

describe("secrets", () => {
  const secret = "s3cr3t-t0ken";
  const forms = [
    secret,
    Buffer.from(`x-access-token:${secret}`).toString("base64"),
    Buffer.from(`ada:${secret}`).toString("base64"),
  ];

  test.each(["token from the settings", "password in the address"])(
    "a %s reaches the server and nothing else",
    async (way) => {
      const place = createPlace();
      let isOpen = true;
      const server = await startGitServer(place.root, {
        intercept(request, response) {
          if (isOpen && request.headers.authorization !== undefined) return false;
          response.writeHead(401, { "www-authenticate": 'Basic realm="code"' }).end();
          return true;
        },
      });
      const isToken = way.startsWith("token");
      const source = isToken
        ? `${server.url}/project.git`
        : `http://ada:${secret}@127.0.0.1:${server.port}/project.git`;
      const { environment, calls } = loggingGit(place);
      const settings = {
        ...environment,
        ...(isToken ? { REPOWRIGHT_GIT_TOKENS: `127.0.0.1=${secret}` } : {}),
      };
      const outputs: string[] = [];
      for (const args of [[], ["--no-cache"]]) {
        const result = await analyze(place, source, args, { environment: settings });
        expect(result.code, result.stderr).toBe(0);
        outputs.push(result.stdout, result.stderr);
      }
      const expected = Buffer.from(isToken ? `x-access-token:${secret}` : `ada:${secret}`).toString("base64");
      expect(new Set(server.authorizations)).toEqual(new Set([`Basic ${expected}`]));

      isOpen = false;
      for (const where of [source, source.replace("project", "other")]) {
        const refused = await analyze(place, where, ["--log-level", "debug"], { environment: settings });
        expect(refused.code).toBe(1);
        expect(refused.stderr).toContain("authentication-failed");
        outputs.push(refused.stdout, refused.stderr);
      }
      for (const args of [
        ["config", "show"],
        ["config", "show", "--json"],
      ]) {
        const shown = await runProgram(args, {
          cwd: place.folder,
          dataDir: place.dataDir,
          environment: settings,
        });
        expect(shown.code).toBe(0);
        expect(shown.stdout).toContain("git.tokens");
        outputs.push(shown.stdout, shown.stderr);
      }
      expect(calls().length, "control: the log works").toBeGreaterThan(10);
      const files = filesUnder(place.dataDir);
      expect(files.length).toBeGreaterThan(5);
      for (const form of forms) {
        for (const output of outputs) expect(output).not.toContain(form);
        expect(calls().join("\n")).not.toContain(form);
        for (const file of files) expect(readFileSync(file).includes(form), file).toBe(false);
      }
    },
  );

  test("a token for one host is not sent to another", async () => {
    const place = createPlace();
    const server = await startGitServer(place.root);
    await report(place, `${server.url}/project.git`, [], {
      environment: { REPOWRIGHT_GIT_TOKENS: `other.example=${secret}` },
    });
    expect(server.authorizations).toEqual([]);
  });
});

describe("processes", () => {
  /** Runs an analysis against a server that stalls, and calls `act` when the clone is half done. */
  async function interrupt(
    place: Place,
    server: GitServer,
    act: (child: ChildProcess) => void,
  ): Promise<CliResult> {
    const started: ChildProcess[] = [];
    const running = analyze(place, `${server.url}/project.git`, [], {
      onStart: (child) => started.push(child),
    });
    await until(() => leftovers(place).length > 0 && server.traffic.bytes > 200_000, "clone under way");
    act(started[0]!);
    return running;
  }

  test("two that want the same new clone: one makes it, the other waits, both succeed", async () => {
    const place = createPlace();
    const server = await startGitServer(place.root, { delayMs: 150 });
    const source = `${server.url}/project.git`;
    const { environment, calls } = loggingGit(place);
    const both = await Promise.all([
      report(place, source, [], { environment }),
      report(place, source, [], { environment }),
    ]);
    expect(comparable(both[0])).toEqual(comparable(both[1]));
    expect(calls().filter((call) => / clone --bare /.test(call))).toHaveLength(1);
    expect(calls().filter((call) => / fetch --prune /.test(call))).toHaveLength(1);
    git(cloneOf(place), ["fsck", "--full"]);
    expect(leftovers(place)).toEqual([]);
  });

  test("one killed in the middle of a clone harms nothing", async () => {
    const place = createLargePlace();
    const network = { allowsFilter: false, stallAfterBytes: 200_000 };
    const server = await startGitServer(place.root, network);
    const source = `${server.url}/project.git`;
    await interrupt(place, server, (child) => child.kill("SIGKILL"));
    expect(leftovers(place), "control: it was in the middle").toHaveLength(1);
    const orphans = processesNaming(place.dataDir);
    onTestFinished(() => endProcesses(processesNaming(place.dataDir)));
    network.stallAfterBytes = Infinity;
    const after = await report(place, source);
    expect(after.history.commits).toBe(7);
    expect(leftovers(place)).toEqual([]);
    endProcesses(orphans);
    git(cloneOf(place), ["fsck", "--full"]);
  });

  test("one killed in the middle of an update harms nothing", async () => {
    const place = createPlace();
    const server = await startGitServer(place.root);
    const source = `${server.url}/project.git`;
    await report(place, source);
    // What Git leaves when it is killed while it moves refs and receives a pack.
    const clone = cloneOf(place);
    for (const name of [
      "packed-refs.lock",
      "HEAD.lock",
      "config.lock",
      "shallow.lock",
      "refs/heads/main.lock",
      "objects/pack/tmp_pack_abc",
    ]) {
      mkdirSync(join(clone, name, ".."), { recursive: true });
      writeFileSync(join(clone, name), "");
    }
    git(place.work, ["push", "--quiet", "origin", ":side"]);
    const head = addCommit(place.work, { message: "feat: new", files: { "new.txt": "new\n" } });
    git(place.work, ["push", "--quiet", "origin", "main"]);
    const after = await report(place, source);
    expect(after.repository.head).toBe(head);
    expect(after.warnings).toEqual([]);
    expect(filesUnder(clone).filter((file) => /\.lock$|tmp_pack/.test(file))).toEqual([]);
  });

  test("Ctrl-C ends a stalled clone at once, with everything it started", async () => {
    const place = createLargePlace();
    const server = await startGitServer(place.root, { allowsFilter: false, stallAfterBytes: 200_000 });
    let interruptedAt = 0;
    let started: number[] = [];
    const result = await interrupt(place, server, (child) => {
      started = [...processesNaming(place.dataDir), ...processesNaming(`origin ${server.url}`)];
      interruptedAt = performance.now();
      child.kill("SIGINT");
    });
    expect(started.length, "control: git and its helper were running").toBeGreaterThan(1);
    expect(performance.now() - interruptedAt).toBeLessThan(3_000);
    expect(errorOf(result)).toMatchObject({ code: "cancelled", exitCode: 130 });
    expect(leftovers(place)).toEqual([]);
    expect(started.filter(isRunning)).toEqual([]);
  });
});

describe("limits", () => {
  test("time", async () => {
    const place = createLargePlace();
    const network = { allowsFilter: false, stallAfterBytes: 200_000 };
    const server = await startGitServer(place.root, network);
    const source = `${server.url}/project.git`;
    const error = errorOf(await analyze(place, source, ["--git-clone-timeout", "1s"]));
    expect(error).toMatchObject({ code: "time-limit", exitCode: 1 });
    expect(error.message).toMatch(/1 s.*git\.clone_timeout/);
    expect(leftovers(place)).toEqual([]);
    expect(processesNaming(place.dataDir)).toEqual([]);

    network.stallAfterBytes = Infinity;
    await report(place, source);
    network.stallAfterBytes = 10;
    const stale = await report(place, source, ["--git-clone-timeout", "1s"]);
    expect(stale.warnings).toMatchObject([
      { code: "stale-clone", message: expect.stringContaining("git.clone_timeout") as string },
    ]);
  });

  test.each([true, false])("size, filter on the server: %s", async (allowsFilter) => {
    const place = createLargePlace();
    const server = await startGitServer(place.root, { allowsFilter });
    const source = `${server.url}/project.git`;
    const error = errorOf(await analyze(place, source, ["--limits-repository-bytes", "100KB"]));
    expect(error).toMatchObject({ code: "repository-too-large", exitCode: 1 });
    expect(error.message).toMatch(/limits\.repository_bytes/);
    expect(leftovers(place)).toEqual([]);
    expect(existsSync(cloneOf(place))).toBe(false);
    // The same address is no worse for it.
    expect((await report(place, source)).history.commits).toBe(7);
  });

  test("disk", async (context) => {
    const place = createLargePlace();
    mkdirSync(place.dataDir);
    const mount = spawnSync("mount", ["-t", "tmpfs", "-o", "size=700k", "tmpfs", place.dataDir]);
    if (mount.status !== 0) context.skip("a small disk can only be made by root");
    onTestFinished(() => void spawnSync("umount", ["--lazy", place.dataDir]));
    const server = await startGitServer(place.root, { allowsFilter: false });
    const error = errorOf(await analyze(place, `${server.url}/project.git`));
    expect(error).toMatchObject({ code: "disk-full", exitCode: 1 });
    expect(leftovers(place)).toEqual([]);
  });
});

describe("damaged and hostile repositories", () => {
  /** A repository whose tip has a tree, or is a commit, made of exactly these bytes. */
  function createRaw(
    place: Place,
    name: string,
    make: (bare: string, write: (type: string, bytes: Buffer | string) => string) => string,
  ): string {
    const bare = join(place.root, `${name}.git`);
    git(place.folder, ["clone", "--quiet", "--bare", place.work, bare]);
    const write = (type: string, bytes: Buffer | string): string =>
      git(bare, ["hash-object", "-w", "-t", type, "--literally", "--stdin"], { input: bytes }).trim();
    git(bare, ["update-ref", "refs/heads/main", make(bare, write)]);
    return `${name}.git`;
  }

  const identity = "Ada <ada@example.org> 1700600000 +0000";
  const entry = (mode: string, name: string, oid: string): Buffer =>
    Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, "hex")]);

  test.each([".git", "..", "."])("a tree with an entry %s is refused", async (name) => {
    const place = createPlace();
    const path = createRaw(place, "hostile", (bare, write) => {
      const tree = write("tree", entry("40000", name, git(bare, ["rev-parse", "HEAD:src"]).trim()));
      return write("commit", `tree ${tree}\nauthor ${identity}\ncommitter ${identity}\n\nhostile\n`);
    });
    const server = await startGitServer(place.root);
    // Control: by itself Git takes it.
    git(place.folder, [
      "clone",
      "--quiet",
      "--bare",
      "--no-local",
      join(place.root, path),
      join(place.folder, "control"),
    ]);
    const error = errorOf(await analyze(place, `${server.url}/${path}`));
    expect(error).toMatchObject({ code: "repository-damaged", exitCode: 1 });
    expect(leftovers(place)).toEqual([]);
  });

  test("harmless old flaws are let through", async () => {
    const place = createPlace();
    const path = createRaw(place, "old", (bare, write) => {
      const tree = write("tree", entry("040000", "src", git(bare, ["rev-parse", "HEAD:src"]).trim()));
      return write(
        "commit",
        `tree ${tree}\nparent ${git(bare, ["rev-parse", "HEAD"]).trim()}\nauthor Ada <ada@example.org>1700600000 +0000\ncommitter ${identity}\n\nold\n`,
      );
    });
    const strict = (): string =>
      git(place.folder, [
        "-c",
        "transfer.fsckObjects=true",
        "clone",
        "--quiet",
        "--bare",
        "--no-local",
        join(place.root, path),
        join(place.folder, "control"),
      ]);
    expect(strict, "control").toThrow(/zeroPaddedFilemode|missingSpaceBeforeDate/);
    const server = await startGitServer(place.root);
    expect((await report(place, `${server.url}/${path}`)).history.commits).toBe(7);
  });
});
