import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createPorts, openOptions } from "../../../test/support/ports.ts";
import { createRepository, git } from "../../../test/support/repositories.ts";
import { openRepository, resolveSnapshot } from "./repositories.ts";

const folder = mkdtempSync(join(tmpdir(), "repowright-repositories-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("why HEAD names no commit is told in words that fit every command and the API", async () => {
  const path = createRepository(join(folder, "unborn"), [{ message: "Begin", files: { a: "1\n" } }]);
  git(path, ["branch", "next"]);
  git(path, ["symbolic-ref", "HEAD", "refs/heads/gone"]);
  const ports = createPorts(join(folder, "data"));
  const repository = await openRepository(path, ports, openOptions(folder));
  await expect(resolveSnapshot(repository, "HEAD", ports, AbortSignal.timeout(10_000))).rejects.toMatchObject(
    {
      code: "revision-unknown",
      message: "HEAD of unborn is the branch gone, which has no readable commit. There are: main, next.",
    },
  );
});

test("a Git that was killed does not say that a revision is unknown", async () => {
  const path = createRepository(join(folder, "sound"), [{ message: "Begin", files: { a: "1\n" } }]);
  const ports = createPorts(join(folder, "data"));
  const repository = await openRepository(path, ports, openOptions(folder));
  const program = join(folder, "killed");
  writeFileSync(program, "#!/bin/sh\nkill -KILL $$\n", { mode: 0o755 });
  const { git: killed } = createPorts(join(folder, "data"), { "git.program": program });
  const snapshot = resolveSnapshot(
    repository,
    "main",
    { ...ports, git: killed },
    AbortSignal.timeout(10_000),
  );
  await expect(snapshot).rejects.toMatchObject({ code: "git-killed" });
});
