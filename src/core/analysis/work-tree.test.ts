import { statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createPorts, openOptions } from "../../../test/support/ports.ts";
import { createRepository, git, temporaryFolder } from "../../../test/support/repositories.ts";
import { openRepository } from "../repository/repositories.ts";
import { describeWorkTree } from "./work-tree.ts";

test("a file that changed right after the index was written counts as changed, with a split index too", async () => {
  const root = temporaryFolder();
  const folder = createRepository(join(root, "work"), [{ message: "Begin", files: { "a.txt": "one\n" } }]);
  const path = join(folder, "a.txt");
  const past = 1_700_000_000;
  const changedIn = (): number => Math.floor(statSync(path).ctimeMs / 1000);
  const touch = (): void => utimesSync(path, past, past);
  /** The same length, and all that Git keeps of a file's state too; so it only depends on the index's own time. */
  const change = (): void => {
    let indexed: number;
    do {
      writeFileSync(path, "one\n");
      touch();
      git(folder, ["add", "a.txt"]);
      indexed = changedIn();
      writeFileSync(path, "two\n");
      touch();
    } while (changedIn() !== indexed);
    utimesSync(join(folder, ".git/index"), past, past);
  };
  const ports = createPorts(join(root, "data"));
  const repository = await openRepository(folder, ports, openOptions(root));
  const describe = () => describeWorkTree(repository, ports.git, AbortSignal.timeout(20_000));
  expect(await describe()).toEqual([]);
  change();
  expect(await describe()).toMatchObject([{ code: "dirty-work-tree" }]);

  git(folder, ["update-index", "--split-index"]);
  git(folder, ["add", "a.txt"]);
  expect((await describe()).map(({ message }) => message)).toEqual([
    "1 file has changes that are not committed and not in this report: a.txt",
  ]);
});
