import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createPorts } from "../../../test/support/ports.ts";

const folder = mkdtempSync(join(tmpdir(), "repowright-git-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ["kill -KILL $$", "git-killed", "git rev-parse was killed by SIGKILL,"],
  ["kill -TERM $$", "git-killed", "git rev-parse was killed by SIGTERM,"],
  [
    "echo 'error: index-pack died of signal 9' >&2; echo 'fatal: index-pack failed' >&2; exit 128",
    "git-killed",
    "git rev-parse was killed by SIGKILL,",
  ],
  [
    "echo 'error: index-pack died of signal 11' >&2; exit 128",
    "repository-damaged",
    "The repository is damaged.",
  ],
  ["kill -SEGV $$", "git-failed", "git rev-parse ended with signal SIGSEGV"],
])("a Git that ends with `%s` is %s", async (end, code, message) => {
  const program = join(folder, code.concat(String(end.length)));
  writeFileSync(program, `#!/bin/sh\n${end}\n`, { mode: 0o755 });
  const { git } = createPorts(join(folder, "data"), { "git.program": program });
  await expect(git.text(null, ["rev-parse"])).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  });
});

test("a Git that we ended ourselves was not killed by somebody else", async () => {
  const { git } = createPorts(join(folder, "data"));
  const signal = AbortSignal.timeout(50);
  const running = git.stream(null, ["hash-object", "--stdin"], { signal });
  await expect(running.done).rejects.toMatchObject({ code: "cancelled" });
});
