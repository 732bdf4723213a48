import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../../../test/support/repositories.ts";
import { createLocks } from "./locks.ts";

const module = fileURLToPath(new URL("./locks.ts", import.meta.url));

/** Another process that holds the lock until it is killed, or told to let go by the end of its input. */
async function holder(path: string): Promise<ChildProcess> {
  const script = `
    const { createLocks } = await import(${JSON.stringify(module)});
    const release = await createLocks().acquire(${JSON.stringify(path)}, { timeoutMs: 5000 });
    console.log("held");
    process.stdin.resume().on("end", () => { release(); console.log("released"); setTimeout(() => {}, 5000); });`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await said(child, "held");
  return child;
}

async function said(child: ChildProcess, word: string): Promise<void> {
  for await (const piece of child.stdout!.iterator({ destroyOnReturn: false }))
    if (String(piece).includes(word)) return;
  throw new Error(`The other process ended without saying ${word}.`);
}

test("a second process waits, is told who holds the lock, and gets it after its release", async () => {
  const path = join(temporaryFolder(), "folder", "lock");
  const other = await holder(path);
  const waits: (number | null)[] = [];
  let hasLock = false;
  const waiting = createLocks()
    .acquire(path, { timeoutMs: 10_000, onWait: (pid) => waits.push(pid) })
    .then((release) => {
      hasLock = true;
      return release;
    });
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(hasLock, "control: the other one holds it").toBe(false);
  expect(waits, "told once").toEqual([other.pid]);
  other.stdin!.end();
  (await waiting)();
});

test("kill -9 of the holder frees the lock", async () => {
  const path = join(temporaryFolder(), "lock");
  const other = await holder(path);
  const waiting = createLocks().acquire(path, { timeoutMs: 5_000 });
  other.kill("SIGKILL");
  (await waiting)();
});

test("waiting ends with an error that names the holder and the setting", async () => {
  const path = join(temporaryFolder(), "lock");
  const other = await holder(path);
  await expect(createLocks().acquire(path, { timeoutMs: 200 })).rejects.toMatchObject({
    code: "time-limit",
    message: expect.stringMatching(new RegExp(`${other.pid}.*git\\.lock_timeout`)) as string,
  });
});

test("waiting can be cancelled", async () => {
  const path = join(temporaryFolder(), "lock");
  await holder(path);
  const cancelling = new AbortController();
  const waiting = createLocks().acquire(path, { timeoutMs: 10_000, signal: cancelling.signal });
  cancelling.abort();
  await expect(waiting).rejects.toMatchObject({ code: "cancelled" });
});

test("inside one process the lock excludes as well, and can be taken again after its release", async () => {
  const path = join(temporaryFolder(), "lock");
  const locks = createLocks();
  const release = await locks.acquire(path, { timeoutMs: 1_000 });
  await expect(locks.acquire(path, { timeoutMs: 100 })).rejects.toMatchObject({ code: "time-limit" });
  release();
  (await locks.acquire(path, { timeoutMs: 1_000 }))();
});

test("different locks do not wait for each other", async () => {
  const folder = temporaryFolder();
  await holder(join(folder, "a"));
  (await createLocks().acquire(join(folder, "b"), { timeoutMs: 0 }))();
});
