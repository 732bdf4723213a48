import { spawnSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../test/support/repositories.ts";
import { readServerFile, writeServerFile } from "./server-file.ts";

const url = "http://127.0.0.1:4000";
const startedAt = new Date(0);

test("says where the server is until it is closed", () => {
  const folder = temporaryFolder();
  expect(readServerFile(folder)).toBeNull();
  const remove = writeServerFile(folder, { url, pid: process.pid, startedAt });
  expect(readServerFile(folder)).toMatchObject({ url, pid: process.pid, startedAt: startedAt.toISOString() });
  expect(statSync(join(folder, "server.json")).mode & 0o777).toBe(0o600);
  remove();
  expect(readServerFile(folder)).toBeNull();
});

test("what a killed server left is not believed, nor nonsense", () => {
  const folder = temporaryFolder();
  const dead = spawnSync(process.execPath, ["--version"]).pid;
  writeServerFile(folder, { url, pid: dead, startedAt });
  expect(readServerFile(folder)).toBeNull();
  const elsewhere = JSON.parse(readFileSync(join(folder, "server.json"), "utf8")) as object;
  writeFileSync(join(folder, "server.json"), JSON.stringify({ ...elsewhere, host: "another" }));
  expect(readServerFile(folder)).toMatchObject({ pid: dead });
  writeFileSync(join(folder, "server.json"), "{");
  expect(readServerFile(folder)).toBeNull();
});

test("an old server does not remove a new one's", () => {
  const folder = temporaryFolder();
  const remove = writeServerFile(folder, { url, pid: process.ppid, startedAt });
  writeServerFile(folder, { url, pid: process.pid, startedAt });
  remove();
  expect(readServerFile(folder)?.pid).toBe(process.pid);
});
