import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { startGitServer } from "../../../test/support/git-http-server.ts";
import { addCommit, createRepository, git } from "../../../test/support/repositories.ts";
import { createServices, createThreads } from "../../../test/support/services.ts";
import { locateReview } from "./locate-review.ts";
import type { PreparedReview } from "./prepare-review.ts";
import { parsePullAddress, type PullTarget } from "./review-target.ts";

const folder = mkdtempSync(join(tmpdir(), "repowright-pull-"));
const scanner = createThreads(1);
const services = createServices(join(folder, "data"), scanner, {
  "git.protocols": "http",
  "git.allow_private_hosts": "true",
});
const { signal } = new AbortController();
afterAll(async () => {
  await scanner.close();
  services.cache.close();
  rmSync(folder, { recursive: true, force: true });
});

const origin = createRepository(join(folder, "work"), [{ message: "Begin", files: { "a.js": "a();\n" } }]);
git(origin, ["checkout", "--quiet", "-b", "topic"]);
const topic = addCommit(origin, { message: "Topic", files: { "topic.js": "topic();\n" } });
git(origin, ["checkout", "--quiet", "main"]);
git(origin, ["checkout", "--quiet", "-b", "fork"]);
const fork = addCommit(origin, { message: "Fork", files: { "fork.js": "debugger;\n" } });
git(folder, ["clone", "--quiet", "--bare", origin, join(folder, "served/octo/widgets.git")]);
git(join(folder, "served/octo/widgets.git"), ["update-ref", "refs/pull/7/head", fork]);
git(join(folder, "served/octo/widgets.git"), ["branch", "-D", "fork"]);
git(join(folder, "served/octo/widgets.git"), ["symbolic-ref", "HEAD", "refs/heads/main"]);

const prepare = async (target: PullTarget): Promise<PreparedReview> =>
  (
    await locateReview({ kind: "pull", ...target }, services, { onProgress() {}, title: null, signal })
  ).open();
const textsOf = ({ change }: PreparedReview): unknown => change.files.map(({ path, text }) => [path, text]);

test("a public pull request needs no access; a branch that came along has its contents too", async () => {
  const { url } = await startGitServer(join(folder, "served"));
  const found = await prepare(parsePullAddress(`${url}/octo/widgets/pull/7`));
  expect(found.head).toBe(fork);
  expect(textsOf(found)).toEqual([["fork.js", "debugger;\n"]]);
  expect(found.notes).toEqual([
    expect.stringMatching(/^Compared with the default branch, because no access/),
  ]);

  // Its commits were fetched with the others, blobless.
  const pull = { host: "github", repository: "octo/widgets", number: 8, installation: null } as const;
  const known = {
    cloneUrl: `${url}/octo/widgets.git`,
    head: topic,
    base: "refs/heads/main",
    title: null,
    body: null,
  };
  const branch = await prepare({ pull, known });
  expect([branch.head, branch.notes]).toEqual([topic, []]);
  expect(textsOf(branch)).toEqual([["topic.js", "topic();\n"]]);
});

test("a repository that is not there, and one that nobody gave the address of", async () => {
  const { url } = await startGitServer(join(folder, "served"));
  await expect(prepare(parsePullAddress(`${url}/octo/none/pull/7`))).rejects.toMatchObject({
    code: "authentication-failed",
  });
  const pull = { host: "github", repository: "octo/widgets", number: 7, installation: null } as const;
  await expect(prepare({ pull })).rejects.toMatchObject({ code: "host-unconfigured" });
});
