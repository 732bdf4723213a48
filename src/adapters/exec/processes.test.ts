import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ProcessRequest } from "../../contracts/process.ts";
import { endProcesses, isRunning, until } from "../../../test/support/child-processes.ts";
import { temporaryFolder } from "../../../test/support/repositories.ts";
import { createProcesses } from "./processes.ts";

const environment = { PATH: process.env["PATH"]! };

/** A shell that starts a long sleep and waits for it; the sleep's process id lands in a file. */
function family(): { readonly request: ProcessRequest; readonly grandchild: () => Promise<number> } {
  const pidFile = join(temporaryFolder(), "pid");
  const script = `sleep 60 & echo $! > '${pidFile}.new'; mv '${pidFile}.new' '${pidFile}'; wait`;
  let pid = 0;
  onTestFinished(() => endProcesses([pid]));
  return {
    request: { program: "sh", args: ["-c", script], environment, timeoutMs: 60_000 },
    async grandchild() {
      await until(() => existsSync(pidFile), "grandchild started");
      return (pid = Number(readFileSync(pidFile, "utf8")));
    },
  };
}

test("control: ending only the child leaves the grandchild running", async () => {
  const { request, grandchild } = family();
  const child = spawn(request.program, request.args, { env: { ...environment }, stdio: "ignore" });
  const pid = await grandchild();
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await exit;
  expect(isRunning(pid)).toBe(true);
});

test("cancelling ends the grandchild too", async () => {
  const { request, grandchild } = family();
  const cancelling = new AbortController();
  const running = createProcesses().start({ ...request, signal: cancelling.signal });
  const pid = await grandchild();
  cancelling.abort();
  expect(await running.exit).toMatchObject({ endedBy: "cancel", code: null });
  await until(() => !isRunning(pid), "grandchild ended");
});

test("a time-out ends the grandchild too", async () => {
  const { request, grandchild } = family();
  const running = createProcesses().start({ ...request, timeoutMs: 400 });
  const pid = await grandchild();
  expect(await running.exit).toMatchObject({ endedBy: "time-out" });
  await until(() => !isRunning(pid), "grandchild ended");
});

test("what ignores a polite end is ended all the same, even when only a grandchild is left", async () => {
  const pidFile = join(temporaryFolder(), "pid");
  // The child goes at once; the grandchild ignores SIGTERM and holds the output open.
  const script = `sh -c 'trap "" TERM; echo $$ > "${pidFile}"; while :; do sleep 0.1; done' & wait`;
  const running = createProcesses().start({
    program: "sh",
    args: ["-c", script],
    environment,
    timeoutMs: 60_000,
  });
  await until(() => existsSync(pidFile) && readFileSync(pidFile, "utf8") !== "", "grandchild started");
  const pid = Number(readFileSync(pidFile, "utf8"));
  onTestFinished(() => endProcesses([pid]));
  const startedAt = performance.now();
  running.kill();
  expect(await running.exit).toMatchObject({ endedBy: "kill" });
  await until(() => !isRunning(pid), "grandchild ended", 4_000);
  expect(performance.now() - startedAt).toBeLessThan(4_000);
});

test("killAll ends everything", async () => {
  const processes = createProcesses();
  const families = [family(), family()];
  const running = families.map((one) => processes.start(one.request));
  const pids = await Promise.all(families.map((one) => one.grandchild()));
  processes.killAll();
  await Promise.all(running.map((one) => one.exit));
  await until(() => !pids.some(isRunning), "all ended");
});

test("a request that is cancelled before it starts ends at once", async () => {
  const { request } = family();
  const exit = await createProcesses().start({ ...request, signal: AbortSignal.abort() }).exit;
  expect(exit.endedBy).toBe("cancel");
});

test("code, output and errors come back; nothing is inherited", async () => {
  process.env["REPOWRIGHT_TEST_INHERITED"] = "yes";
  onTestFinished(() => void delete process.env["REPOWRIGHT_TEST_INHERITED"]);
  const said: string[] = [];
  const script = `cat; echo "[$REPOWRIGHT_TEST_INHERITED]"; echo problem >&2; exit 3`;
  const running = createProcesses().start({
    program: "sh",
    args: ["-c", script],
    environment,
    timeoutMs: 10_000,
    onStderr: (text) => said.push(text),
  });
  running.stdin.end("in\n");
  const pieces: Buffer[] = [];
  for await (const piece of running.stdout) pieces.push(piece as Buffer);
  expect(Buffer.concat(pieces).toString()).toBe("in\n[]\n");
  expect(await running.exit).toEqual({ code: 3, signal: null, stderr: "problem\n", endedBy: null });
  expect(said.join("")).toBe("problem\n");
});

test("a program that does not exist rejects", async () => {
  const running = createProcesses().start({
    program: "no-such-program-here",
    args: [],
    // A folder of the path that may not be searched would make it EACCES.
    environment: { ...environment, PATH: "/usr/bin:/bin" },
    timeoutMs: 1_000,
  });
  await expect(running.exit).rejects.toMatchObject({ code: "ENOENT" });
});

test("a time limit longer than a timer can be is no limit of nothing", async () => {
  const request: ProcessRequest = { program: "sleep", args: ["0.2"], environment, timeoutMs: 2 ** 40 };
  expect(await createProcesses().start(request).exit).toMatchObject({ code: 0, endedBy: null });
});

test.skipIf(process.platform !== "linux")(
  "memory is bounded, arguments are not read by a shell",
  async () => {
    const hungry = [
      "-e",
      `my $text = "x" x 300_000_000; print length($text), " $ARGV[0]"`,
      "a'b\"c $HOME $(id)",
    ];
    const run = async (limit: {
      readonly maxMemoryBytes?: number;
    }): Promise<{ code: number | null; text: string }> => {
      const running = createProcesses().start({
        program: "perl",
        args: hungry,
        environment,
        timeoutMs: 20_000,
        ...limit,
      });
      const pieces: Buffer[] = [];
      for await (const piece of running.stdout) pieces.push(piece as Buffer);
      return { code: (await running.exit).code, text: Buffer.concat(pieces).toString() };
    };
    const fits = { code: 0, text: `300000000 a'b"c $HOME $(id)` };
    expect(await run({}), "control").toEqual(fits);
    expect(await run({ maxMemoryBytes: 2 ** 31 })).toEqual(fits);
    const { code, text } = await run({ maxMemoryBytes: 100 * 2 ** 20 });
    expect(code).not.toBe(0);
    expect(text).toBe("");
  },
);
