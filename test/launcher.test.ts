import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { until } from "./support/child-processes.ts";
import { temporaryFolder } from "./support/repositories.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const launcher = join(root, "bin", "repowright.js");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };

/** A Node that is too old for the program but can read the launcher, if this machine has one. */
const oldNode = (process.env["PATH"] ?? "")
  .split(delimiter)
  .map((folder) => join(folder, "node"))
  .find((program) => existsSync(program) && [20, 21, 22, 23].includes(majorOf(program)));

function majorOf(program: string): number {
  return Number(execFileSync(program, ["--version"], { encoding: "utf8" }).slice(1).split(".")[0]);
}

interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(
  node: string,
  program: string,
  args: readonly string[],
  onStart?: (child: ChildProcess, output: () => string) => void,
): Promise<Ending> {
  const home = temporaryFolder();
  const environment = { PATH: process.env["PATH"], HOME: home, REPOWRIGHT_DATA_DIR: join(home, "data") };
  const child = spawn(node, [program, ...args], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  onStart?.(child, () => stdout);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** The launcher alone, with a `node` package whose program is the given shell script. */
function install(script: string | null, nodeVersion = "24.0.0"): string {
  const folder = temporaryFolder();
  cpSync(join(root, "bin"), join(folder, "bin"), { recursive: true });
  cpSync(join(root, "package.json"), join(folder, "package.json"));
  if (script !== null) {
    const bin = join(folder, "node_modules", "node", "bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "..", "package.json"), JSON.stringify({ name: "node", version: nodeVersion }));
    writeFileSync(join(bin, "node"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, "node"), 0o755);
  }
  return join(folder, "bin", "repowright.js");
}

describe("on a new Node", () => {
  test.each(["--version", "-V"])("%s is the version of the package", async (flag) => {
    expect(await run(process.execPath, launcher, [flag])).toMatchObject({
      code: 0,
      stdout: `${version}\n`,
      stderr: "",
    });
  });

  test("the program runs here, and its exit code is ours", async () => {
    expect(await run(process.execPath, launcher, ["--help"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Usage: repowright") as string,
    });
    expect(await run(process.execPath, launcher, ["nonsense"])).toMatchObject({ code: 2, stdout: "" });
  });
});

describe.skipIf(oldNode === undefined)("on an old Node (skipped where this machine has none)", () => {
  const node = oldNode ?? "";

  test("--version needs no other Node", async () => {
    expect(await run(node, install(null), ["--version"])).toMatchObject({ code: 0, stdout: `${version}\n` });
  });

  test("the Node that npm installed beside it takes over", async () => {
    expect(await run(node, launcher, ["config", "show", "--json"])).toMatchObject({ code: 0, stderr: "" });
    expect(await run(node, launcher, ["nonsense"])).toMatchObject({ code: 2 });
  });

  test.each([
    ["no other Node", null, "24.0.0"],
    ["only an old one beside it", "exit 0", "22.11.0"],
  ])("with %s it says how to get one", async (_, script, nodeVersion) => {
    const program = install(script, nodeVersion);
    const { code, stdout, stderr } = await run(node, program, ["analyze"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("needs Node 24 or newer; this is Node 2");
    expect(stderr).toContain("Run `npm install node@24` beside it");
    mkdirSync(join(program, "..", "..", "src"));
    expect((await run(node, program, ["analyze"])).stderr).toContain(
      `Run \`npm install\` in ${join(program, "..", "..")}`,
    );
    expect(stderr).not.toContain("    at ");
  });

  test("a program that cannot be started is told, without a stack", async () => {
    const program = install("exit 0");
    chmodSync(join(program, "..", "..", "node_modules", "node", "bin", "node"), 0o644);
    const { code, stderr } = await run(node, program, ["analyze"]);
    expect(code).toBe(1);
    expect(stderr).toContain("could not be started");
    expect(stderr).not.toContain("    at ");
  });

  test("arguments reach the program as they are", async () => {
    const program = install(`printf '%s\\n' "$@"`);
    const { stdout } = await run(node, program, ["analyze", "a b", "--since=*", ""]);
    expect(stdout.split("\n").slice(1)).toEqual(["analyze", "a b", "--since=*", "", ""]);
  });

  test.each([
    ["exit 0", 0],
    ["exit 7", 7],
    ["kill -KILL $$", 137],
    ["kill -SEGV $$", 139],
    ["kill -TERM $$", 143],
  ])("a program that does `%s` ends us with %d", async (script, code) => {
    expect(await run(node, install(script), [])).toMatchObject({ code });
  });

  test.each(["SIGTERM", "SIGHUP"] as const)(
    "%s is passed on, and the program decides when to end",
    async (signal) => {
      const program = install(
        "trap 'echo cleaned; exit 9' TERM HUP\necho ready\nwhile :; do sleep 0.05; done",
      );
      const ending = await run(node, program, [], (child, output) => {
        void until(() => output().includes("ready"), "the program").then(() => child.kill(signal));
      });
      expect(ending).toMatchObject({ code: 9, stdout: "ready\ncleaned\n" });
    },
  );

  test("a terminal's Ctrl-C reaches both; we wait for the program to clean up", async () => {
    const program = install("trap 'echo cleaned; exit 130' INT\necho ready\nwhile :; do sleep 0.05; done");
    const ending = await new Promise<Ending>((resolve, reject) => {
      const child = spawn(node, [program], { detached: true, stdio: ["ignore", "pipe", "ignore"] });
      let stdout = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
        if (text.includes("ready")) process.kill(-child.pid!, "SIGINT");
      });
      child.on("error", reject);
      child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr: "" }));
    });
    expect(ending).toMatchObject({ code: 130, stdout: "ready\ncleaned\n" });
  });
});
