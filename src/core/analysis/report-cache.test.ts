import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../test/support/repositories.ts";
import type { Repository, Snapshot } from "../../contracts/repository.ts";
import type { Config } from "../../config/schema.ts";
import { incompleteKey, reportKey } from "./report-cache.ts";
import type { AnalyzeRequest } from "./request.ts";

const request: AnalyzeRequest = {
  source: ".",
  revision: null,
  since: null,
  countsLines: true,
  useCache: true,
  cwd: "/",
};
const tag = (name: string, oid = "1".repeat(40)) => `${oid} refs/tags/${name}\n`;

/** A repository's folder with the given refs. */
function repository(packed: string, changes: Partial<Repository> = {}): Repository {
  const gitDir = temporaryFolder();
  mkdirSync(join(gitDir, "refs", "tags"), { recursive: true });
  writeFileSync(join(gitDir, "packed-refs"), packed);
  return {
    name: "sample",
    source: "/sample",
    gitDir,
    objectsDir: join(gitDir, "objects"),
    branch: "main",
    isShallow: false,
    workTree: null,
    fetchMissing: null,
    warnings: [],
    ...changes,
  };
}

/** As Git writes it. */
function writeRef(path: string, oid: string): void {
  writeFileSync(`${path}.lock`, `${oid}\n`);
  renameSync(`${path}.lock`, path);
}

const limits = { "limits.paths": 5 } as Config;
const snapshotOf = (repository: Repository, commit = "a".repeat(40)): Snapshot => ({ repository, commit });
const keyOf = (repository: Repository, changes: Partial<AnalyzeRequest> = {}, limit: Config = limits) =>
  reportKey(snapshotOf(repository), { ...request, ...changes }, limit);

describe("the key of a report", () => {
  test("is the same for the same question, from anywhere", async () => {
    const same = repository(tag("v1"));
    expect(await keyOf(same)).toBe(await keyOf(same, { cwd: "/elsewhere", useCache: false }));
  });

  test("ignores branches that were moved", async () => {
    const same = repository(`${"2".repeat(40)} refs/heads/topic\n`);
    const before = await keyOf(same);
    writeFileSync(join(same.gitDir, "packed-refs"), `${"3".repeat(40)} refs/heads/topic\n`);
    expect(await keyOf(same)).toBe(before);
  });

  test("is another for every other thing that changes a report", async () => {
    const base = repository(tag("v1"));
    const inPlace = (changes: Partial<Repository>): Repository => ({ ...base, ...changes });
    const keys = [
      await keyOf(base),
      await reportKey(snapshotOf(base, "b".repeat(40)), request, limits),
      await keyOf(inPlace({ branch: "renamed" })),
      await keyOf(inPlace({ branch: null })),
      await keyOf(inPlace({ name: "other" })),
      await keyOf(inPlace({ source: "/other" })),
      await keyOf(inPlace({ isShallow: true })),
      await keyOf(base, { revision: "v1" }),
      await keyOf(base, { revision: "main" }),
      await keyOf(base, { countsLines: false }),
      await keyOf(base, {}, { "limits.paths": 6 } as Config),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  test.each([
    ["made", tag("v1") + tag("v2", "2".repeat(40))],
    ["moved", tag("v1", "2".repeat(40))],
    ["deleted", ""],
  ])("changes when a tag is %s, the head staying where it is", async (_, packed) => {
    const place = repository(tag("v1"));
    const before = await keyOf(place);
    writeFileSync(join(place.gitDir, "packed-refs"), packed);
    expect(await keyOf(place)).not.toBe(before);
  });

  test.each(["refs/tags/v2", "refs/tags/release/v2"])(
    "changes when %s stands in a file of its own, and when it moves",
    async (name) => {
      const place = repository(tag("v1"));
      const before = await keyOf(place);
      mkdirSync(join(place.gitDir, name, ".."), { recursive: true });
      writeRef(join(place.gitDir, name), "2".repeat(40));
      const made = await keyOf(place);
      writeRef(join(place.gitDir, name), "3".repeat(40));
      const moved = await keyOf(place);
      expect(new Set([before, made, moved]).size).toBe(3);
    },
  );

  test("changes when a shallow clone is deepened, its head staying where it is", async () => {
    const place = repository("", { isShallow: true });
    writeFileSync(join(place.gitDir, "shallow"), `${"5".repeat(40)}\n`);
    const before = await keyOf(place);
    writeFileSync(join(place.gitDir, "shallow"), `${"6".repeat(40)}\n`);
    expect(await keyOf(place)).not.toBe(before);
  });

  test("is none for --since, which may mean another time tomorrow", async () => {
    expect(await keyOf(repository(""), { since: "2 weeks ago" })).toBeNull();
  });

  test("needs no refs at all", async () => {
    expect(await keyOf({ ...repository(""), gitDir: "/nowhere" })).toMatch(/^[0-9a-f]{64}$/);
  });
});

test("a report that lacks contents holds until contents come", async () => {
  const lacking = repository(tag("v1"));
  const folder = join(lacking.objectsDir, "ab");
  mkdirSync(folder, { recursive: true });
  const before = await incompleteKey("key", lacking);
  expect(await incompleteKey("key", lacking)).toBe(before);
  expect(await incompleteKey("other", lacking)).not.toBe(before);
  writeFileSync(join(folder, "c".repeat(38)), "");
  expect(await incompleteKey("key", lacking)).not.toBe(before);
});
