import { join } from "node:path";
import { expect, test } from "vitest";
import { recordTerminal } from "../../../test/support/terminal.ts";
import type { CommandDefinition } from "../../contracts/command.ts";
import type { DatabaseTools } from "../../contracts/database.ts";
import type { Services } from "../../contracts/services.ts";
import backup from "./db-backup.command.ts";
import migrate from "./db-migrate.command.ts";
import move from "./db-move.command.ts";
import restore from "./db-restore.command.ts";

const calls: string[] = [];
const databases: DatabaseTools = {
  migrate: async () => ({ applied: ["0001_jobs"], version: 1, hasVector: true, database: "PGlite 1" }),
  async backup(file, { onProgress }) {
    calls.push(`backup ${file}`);
    onProgress({ stage: "write", fraction: null, message: "Writing jobs" });
    return { tables: 2, rows: 3 };
  },
  async restore(file) {
    calls.push(`restore ${file}`);
    return file.endsWith("snapshot")
      ? { tables: 0, rows: 0, keptAside: "/data/old" }
      : { tables: 2, rows: 3, keptAside: null };
  },
  async move(variable) {
    calls.push(`move ${variable}`);
    return { tables: 2, rows: 3 };
  },
};

async function run(
  command: unknown,
  positionals: readonly string[],
  options: Record<string, string | boolean | undefined> = {},
): Promise<string> {
  calls.length = 0;
  const terminal = recordTerminal();
  const code = await (command as CommandDefinition).run({
    positionals,
    options: options as never,
    services: { databases: async () => databases } as unknown as Services,
    terminal,
    cwd: "/work",
    signal: new AbortController().signal,
  });
  expect(code).toBe(0);
  return terminal.output();
}

test("paths are those of the current folder", async () => {
  expect(await run(backup, ["a.gz"])).toContain("3 rows of 2 tables");
  expect(calls).toEqual([`backup ${join("/work", "a.gz")}`]);
  expect(await run(restore, ["/x/a.gz"])).toContain("3 rows of 2 tables restored");
  expect(calls).toEqual(["restore /x/a.gz"]);
  const text = await run(restore, ["snapshot"]);
  expect(text).toContain("Snapshot restored");
  expect(text).toContain("/data/old");
});

test("the target of a move is named, never given", async () => {
  await run(move, []);
  expect(calls).toEqual(["move REPOWRIGHT_MOVE_TO"]);
  await run(move, [], { "to-env": "OTHER" });
  expect(calls).toEqual(["move OTHER"]);
});

test("migrate says what it did", async () => {
  expect(await run(migrate, [])).toBe("applied 0001_jobs\nPGlite 1 is at version 1, with pgvector\n");
});

test.each([
  ["migrate", migrate, [], "version"],
  ["backup", backup, ["a"], "rows"],
  ["restore", restore, ["a"], "keptAside"],
  ["move", move, [], "rows"],
] as const)("%s --json is one object", async (_, command, positionals, key) => {
  expect(JSON.parse(await run(command, positionals, { json: true }))).toHaveProperty(key);
});
