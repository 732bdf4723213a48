import { afterAll, expect, test } from "vitest";
import { addCommit, createRepository, temporaryFolder } from "../../../test/support/repositories.ts";
import { openTestIndex } from "../../../test/support/search.ts";
import { createServices, createThreads } from "../../../test/support/services.ts";
import { placesAsked } from "./facts/topics/owners.ts";
import { findOwners } from "./find-owners.ts";

const scanner = createThreads(1);
afterAll(() => scanner.close());

test.each([
  ["who knows src/server", ["src/server"]],
  ["who should review changes to the parser", ["the parser"]],
  ["where is the parser", []],
  ["who knows it", []],
])("%s asks about %j", (question, places) => {
  expect(placesAsked(question)).toEqual(places);
});

test("whoever touched a file or folder lately knows it; other places and questions are left alone", async () => {
  const folder = temporaryFolder();
  createRepository(`${folder}/repository`, [
    {
      author: "Ada <ada@example.org>",
      message: "a",
      files: { "src/deep/a.py": "a = 1\n", "b.py": "b = 1\n" },
    },
  ]);
  addCommit(`${folder}/repository`, {
    author: "Bob <bob@example.org>",
    message: "b",
    files: { "src/deep/a.py": "a = 2\n" },
  });
  const services = createServices(`${folder}/data`, scanner);
  const opened = await openTestIndex(services, `${folder}/repository`);
  const ask = (question: string) => findOwners(question, opened, services, new AbortController().signal);
  const found = await ask("Who knows src/deep?");
  expect(found).toMatchObject({ topic: "owners", evidence: [{ path: "src/deep" }] });
  expect(found!.statement).toMatch(/2 commits that touched src\/deep.*Bob \(5\d %, 1 commit,.*Ada \(/);
  expect((await ask("who owns b.py"))!.statement).toMatch(/the 1 commit that touched b\.py.*Ada \(100 %/);
  expect(await ask("who knows the moon?")).toBeNull();
  expect(await ask("where is src/deep read?")).toBeNull();
  services.cache.close();
});
