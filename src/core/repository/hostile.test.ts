import { execFile } from "node:child_process";
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { runProgram } from "../../../test/support/cli.ts";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startGitServer } from "../../../test/support/git-http-server.ts";
import { createPorts, openOptions } from "../../../test/support/ports.ts";
import { createRepository, git, temporaryFolder } from "../../../test/support/repositories.ts";
import { isPrivateAddress } from "./host-policy.ts";
import { openRepository, resolveSnapshot } from "./repositories.ts";
import { readTree } from "./tree.ts";

/**
 * Attacks by a repository or an address. Each test first shows the attack working on plain Git (the control), then
 * that it does nothing here. A control that no longer works makes its test fail: it would prove nothing.
 */
const signal = new AbortController().signal;
const network = { "git.protocols": "http,https,ssh", "git.allow_private_hosts": "true" };

function sample(folder: string): string {
  return createRepository(join(folder, "sample"), [
    { message: "first", files: { "a.txt": "one\n" } },
    { message: "second", files: { "a.txt": "two\n" } },
  ]);
}

async function attempt(
  source: string,
  folder: string,
  settings: Parameters<typeof createPorts>[1] = {},
): Promise<unknown> {
  return openRepository(source, createPorts(join(folder, "data"), settings), openOptions(folder)).catch(
    (error: unknown) => error,
  );
}

describe("addresses", () => {
  test("an address that is an option runs nothing", async () => {
    const folder = temporaryFolder();
    const marker = join(folder, "marker");
    const hostile = `-utouch ${marker};`;
    try {
      git(folder, ["clone", hostile, `file://${sample(folder)}`, join(folder, "control")]);
    } catch {
      // The command ran; that the clone then failed does not matter.
    }
    expect(existsSync(marker), "control").toBe(true);

    const own = temporaryFolder();
    const ownMarker = join(own, "marker");
    expect(await attempt(`-utouch ${ownMarker};`, own)).toMatchObject({ code: "source-invalid" });
    for (const source of [
      `ssh://-oProxyCommand=touch ${ownMarker}/x`,
      `-oProxyCommand=touch:x`,
      `git@-oProxyCommand=x:y`,
      `host:-upload`,
    ])
      expect(await attempt(source, own)).toMatchObject({ code: "source-invalid" });
    expect(existsSync(ownMarker)).toBe(false);
  });

  test("a remote helper runs nothing", async () => {
    const folder = temporaryFolder();
    const marker = join(folder, "marker");
    const hostile = `ext::sh -c touch% ${marker}`;
    expect(() => git(folder, ["ls-remote", hostile], { environment: { GIT_ALLOW_PROTOCOL: "ext" } })).toThrow(
      /ls-remote/,
    );
    expect(existsSync(marker), "control").toBe(true);

    const own = temporaryFolder();
    expect(await attempt(`ext::sh -c touch% ${join(own, "marker")}`, own)).toMatchObject({
      code: "source-refused",
    });
    expect(existsSync(join(own, "marker"))).toBe(false);
  });

  test("file addresses are refused unless the operator allows them", async () => {
    const folder = temporaryFolder();
    const source = `file://${sample(folder)}`;
    expect(git(folder, ["ls-remote", source]), "control").toContain("refs/heads/main");
    expect(await attempt(source, folder)).toMatchObject({ code: "source-refused" });
    expect(await attempt(source, folder, { "git.protocols": "file" })).toMatchObject({ name: "sample" });
  });

  test("a redirect to another host is not followed", async () => {
    const folder = temporaryFolder();
    git(folder, ["clone", "--quiet", "--bare", sample(folder), join(folder, "inner.git")]);
    const inner = await startGitServer(folder);
    const outer = await startGitServer(folder, {
      intercept(request, response) {
        response.writeHead(302, { location: `${inner.url}${request.url}` }).end();
        return true;
      },
    });
    await runAsync(folder, ["ls-remote", `${outer.url}/inner.git`]);
    expect(inner.requests.length, "control").toBeGreaterThan(0);

    inner.requests.length = 0;
    expect(await attempt(`${outer.url}/inner.git`, folder, network)).toMatchObject({
      code: "source-refused",
    });
    expect(outer.requests.length).toBeGreaterThan(1);
    expect(inner.requests).toEqual([]);
  });

  test("a private address is refused before anything is sent", async () => {
    const folder = temporaryFolder();
    git(folder, ["clone", "--quiet", "--bare", sample(folder), join(folder, "inner.git")]);
    const server = await startGitServer(folder);
    await runAsync(folder, ["ls-remote", `${server.url}/inner.git`]);
    expect(server.requests.length, "control").toBeGreaterThan(0);

    server.requests.length = 0;
    for (const host of ["127.0.0.1", "localhost", "0x7f000001", "2130706433", "[::1]", "[::ffff:127.0.0.1]"])
      expect(
        await attempt(`http://${host}:${server.port}/inner.git`, folder, { "git.protocols": "http" }),
        host,
      ).toMatchObject({ code: "source-refused" });
    expect(server.requests).toEqual([]);
  });

  test("the address that was judged is the one that is used", async () => {
    const folder = temporaryFolder();
    git(folder, ["clone", "--quiet", "--bare", sample(folder), join(folder, "inner.git")]);
    const server = await startGitServer(folder);
    const { git: own } = createPorts(join(folder, "data"));
    const url = `http://rebinding.invalid:${server.port}/inner.git`;
    const remote = { protocol: "http" };
    await expect(
      own.text(null, ["ls-remote", "--", url], { remote }),
      "control: the name has no address",
    ).rejects.toMatchObject({ code: "network-unreachable" });
    const pinned = {
      ...remote,
      pinnedAddress: { host: "rebinding.invalid", port: server.port, address: "127.0.0.1" },
    };
    expect(await own.text(null, ["ls-remote", "--", url], { remote: pinned })).toContain("refs/heads/main");
  });

  test.each([
    "10.1.2.3",
    "127.8.8.8",
    "169.254.169.254",
    "172.20.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "0.0.0.0",
    "::1",
    "::ffff:10.0.0.1",
    "fd00::1",
    "fe80::1",
    "64:ff9b::7f00:1",
    "nonsense",
  ])("%s is not public", (address) => expect(isPrivateAddress(address)).toBe(true));
  test.each(["8.8.8.8", "140.82.121.4", "2606:50c0:8000::153"])("%s is public", (address) =>
    expect(isPrivateAddress(address)).toBe(false),
  );
});

describe("repositories", () => {
  test("the configuration and the hooks of a foreign repository run nothing", async () => {
    const folder = temporaryFolder();
    const repository = createRepository(join(folder, "sample"), [
      { message: "first", files: { "a.txt": "one\n", ".gitattributes": "*.txt diff=evil filter=evil\n" } },
      { message: "second", files: { "a.txt": "two\n" } },
    ]);
    const attacks = ["fsmonitor", "external", "textconv", "clean", "hook"] as const;
    const marker = (name: (typeof attacks)[number]): string => join(folder, `ran-${name}`);
    const script = (name: (typeof attacks)[number], path = join(folder, `${name}.sh`)): string => {
      writeFileSync(path, `#!/bin/sh\ntouch '${marker(name)}'\ncat "$1" 2>/dev/null\n`, { mode: 0o755 });
      return path;
    };
    git(repository, ["config", "core.fsmonitor", script("fsmonitor")]);
    git(repository, ["config", "diff.external", script("external")]);
    git(repository, ["config", "diff.evil.textconv", script("textconv")]);
    git(repository, ["config", "filter.evil.clean", script("clean")]);
    script("hook", join(repository, ".git", "hooks", "post-index-change"));
    writeFileSync(join(repository, "a.txt"), "three\n");
    git(repository, ["add", "a.txt"]);
    git(repository, ["diff", "HEAD"]);
    git(repository, ["-c", "diff.external=", "show", "--textconv", "--no-ext-diff", "HEAD"]);
    for (const name of attacks) expect(existsSync(marker(name)), `control: ${name}`).toBe(true);
    for (const name of attacks) rmSync(marker(name));
    const before = readFileSync(join(repository, ".git", "index"));

    const result = await runProgram(["analyze", repository, "--json"], {
      cwd: folder,
      dataDir: join(folder, "data"),
    });
    expect(result.code, result.stderr).toBe(0);
    const report = JSON.parse(result.stdout) as {
      history: { linesAdded: number };
      warnings: { code: string }[];
    };
    expect(report.history.linesAdded).toBe(3);
    expect(report.warnings.map((warning) => warning.code)).toContain("dirty-work-tree");
    for (const name of attacks) expect(existsSync(marker(name)), name).toBe(false);
    expect(readFileSync(join(repository, ".git", "index")).equals(before)).toBe(true);
  });

  test("the configuration of a submodule runs nothing", async () => {
    const folder = temporaryFolder();
    const inner = sample(folder);
    const outer = createRepository(join(folder, "outer"), [{ message: "first", files: { "b.txt": "b\n" } }]);
    git(outer, ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner, "inner"]);
    git(outer, ["commit", "--quiet", "--message", "submodule"]);
    const marker = join(folder, "ran");
    writeFileSync(join(folder, "monitor.sh"), `#!/bin/sh\ntouch '${marker}'\n`, { mode: 0o755 });
    git(join(outer, "inner"), ["config", "core.fsmonitor", join(folder, "monitor.sh")]);
    git(outer, ["status"]);
    expect(existsSync(marker), "control").toBe(true);
    rmSync(marker);

    const result = await runProgram(["analyze", outer, "--json"], {
      cwd: folder,
      dataDir: join(folder, "data"),
    });
    expect(result.code, result.stderr).toBe(0);
    expect(result.stdout).toContain('"submodule"');
    expect(existsSync(marker)).toBe(false);
  });

  test("a configuration in the home folder has no effect", async () => {
    const folder = temporaryFolder();
    const { git: own } = createPorts(folder);
    // The home that our commands are given, so that nothing but our environment keeps them from reading it.
    const home = join(folder, "home");
    writeFileSync(join(home, ".gitconfig"), "[user]\n\tname = Somebody\n");
    expect(git(home, ["config", "--list"]), "control").toContain("Somebody");
    expect(await own.text(null, ["config", "--list"])).not.toContain("Somebody");
  });

  test("a revision that is an option writes nothing", async () => {
    const folder = temporaryFolder();
    const repository = sample(folder);
    const target = join(folder, "written");
    git(repository, ["log", `--output=${target}`]);
    expect(existsSync(target), "control").toBe(true);

    const ports = createPorts(join(folder, "data"));
    const opened = await openRepository(repository, ports, openOptions(folder));
    const own = join(folder, "own");
    await expect(resolveSnapshot(opened, `--output=${own}`, ports, signal)).rejects.toMatchObject({
      code: "revision-unknown",
    });
    expect(existsSync(own)).toBe(false);
  });

  test("a symbolic link is not followed", async () => {
    const folder = temporaryFolder();
    const repository = sample(folder);
    const secret = join(folder, "secret.md");
    writeFileSync(secret, "the secret word is xyzzy\n");
    symlinkSync(secret, join(repository, "README.md"));
    git(repository, ["add", "--all"]);
    git(repository, ["commit", "--quiet", "--message", "link"]);
    git(folder, ["clone", "--quiet", repository, join(folder, "checkout")]);
    expect(readFileSync(join(folder, "checkout", "README.md"), "utf8"), "control").toContain("xyzzy");

    const result = await runProgram(["analyze", repository, "--json"], {
      cwd: folder,
      dataDir: join(folder, "data"),
    });
    expect(result.code, result.stderr).toBe(0);
    expect(result.stdout).not.toContain("xyzzy");
    expect(
      (JSON.parse(result.stdout) as { languages: { name: string }[] }).languages.map(
        (language) => language.name,
      ),
    ).not.toContain("Markdown");
  });

  test("ten million paths in a tiny repository are cut off", async () => {
    const folder = temporaryFolder();
    const repository = sample(folder);
    const depth = 7;
    let tree = git(repository, ["hash-object", "-w", "--stdin"], { input: "x" }).trim();
    let line = (name: number): string => `100644 blob ${tree}\tf${name}\n`;
    for (let level = 0; level < depth; level++) {
      tree = git(repository, ["mktree"], {
        input: Array.from({ length: 10 }, (_, name) => line(name)).join(""),
      }).trim();
      line = (name) => `040000 tree ${tree}\td${name}\n`;
    }
    const commit = git(repository, ["commit-tree", tree, "-m", "bomb"]).trim();
    git(repository, ["update-ref", "refs/heads/main", commit]);
    const listed = git(repository, ["ls-tree", "-r", "--name-only", `${commit}:d0`]).split("\n").length - 1;
    expect(listed * 10, "control").toBe(10_000_000);

    const ports = createPorts(join(folder, "data"));
    const opened = await openRepository(repository, ports, openOptions(folder));
    const snapshot = await resolveSnapshot(opened, "HEAD", ports, signal);
    const found = await readTree(snapshot, ports.git, { maxPaths: 1_000, signal });
    expect(found.entries.length).toBe(1_000);
    expect(found.warnings).toMatchObject([{ code: "too-many-paths" }]);
  });
});

async function runAsync(cwd: string, args: readonly string[]): Promise<void> {
  await new Promise((resolve) =>
    execFile("git", args, { cwd, env: { PATH: process.env["PATH"], HOME: cwd } }, resolve),
  );
}
