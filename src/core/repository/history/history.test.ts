import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { createPorts, openOptions } from "../../../../test/support/ports.ts";
import { addCommit, createRepository, git, temporaryFolder } from "../../../../test/support/repositories.ts";
import { createCache } from "../../../adapters/sqlite/cache.ts";
import type { Cache } from "../../../contracts/cache.ts";
import type { Git } from "../../../contracts/git.ts";
import { openRepository, resolveSnapshot } from "../repositories.ts";
import {
  createFactsWriter,
  decodeFacts,
  encodeFacts,
  joinFacts,
  type CommitFacts,
  type CommitRow,
} from "./commit-facts.ts";
import { countCommitLines } from "./line-counts.ts";
import type { CommitLines } from "./numstat.ts";
import { loadHistory } from "./load-history.ts";

const signal = new AbortController().signal;
const quiet = { signal, onProgress: () => {} };

/** Facts as rows that say everything in words, so that tables with other indices compare. */
function rowsOf(facts: CommitFacts): unknown[] {
  return facts.oids.map((oid, row) => ({
    oid,
    parents: facts.parents[row],
    authoredAt: facts.authoredAt[row],
    committedAt: facts.committedAt[row],
    authorOffset: facts.authorOffsets[row],
    identity: facts.identities[facts.authors[row]!],
    type: facts.types[row],
    subject: [...facts.messageTerms.subarray(facts.messageStarts[row], facts.subjectEnds[row])],
    body: [...facts.messageTerms.subarray(facts.subjectEnds[row], facts.messageStarts[row + 1])],
    changes: Array.from({ length: facts.changeStarts[row + 1]! - facts.changeStarts[row]! }, (_, index) => {
      const at = facts.changeStarts[row]! + index;
      const status = facts.changeStatuses[at]!;
      return [
        status,
        facts.paths[facts.changePaths[at]!],
        status === 3 ? facts.paths[facts.changeSources[at]!] : null,
      ];
    }),
  }));
}

const byOid = (rows: readonly unknown[]): unknown[] =>
  (rows as { oid: string }[]).toSorted((a, b) => (a.oid < b.oid ? -1 : 1));

interface Bench {
  readonly folder: string;
  readonly repository: string;
  readonly cache: Cache;
  /** Facts of the repository as it is now, by the kept ones and by reading everything. */
  readonly load: () => Promise<{ warm: CommitFacts; cold: CommitFacts; readCommits: number }>;
}

function createBench(make: (folder: string) => string): Bench {
  const folder = temporaryFolder();
  const repository = make(join(folder, "sample"));
  const ports = createPorts(join(folder, "data"));
  const cache = createCache({ path: join(folder, "cache.sqlite"), maxBytes: 2 ** 30, now: Date.now });
  onTestFinished(() => cache.close());
  return {
    folder,
    repository,
    cache,
    async load() {
      let commits = 0;
      // How much is read anew is what makes a second run fast.
      const counting: Git = {
        ...ports.git,
        stream(gitDir, args, options) {
          const range = args.filter((arg) => /^\^?[0-9a-f]{40}$/.test(arg));
          if (args[0] === "log") commits += Number(git(repository, ["rev-list", "--count", ...range]));
          return ports.git.stream(gitDir, args, options);
        },
      };
      const opened = await openRepository(repository, ports, openOptions(folder));
      const snapshot = await resolveSnapshot(opened, "HEAD", ports, signal);
      const warm = await loadHistory(snapshot, counting, cache, {
        ...quiet,
        useCache: true,
        maxChanges: 1_000,
      });
      const other = createCache({ path: join(folder, "other.sqlite"), maxBytes: 2 ** 30, now: Date.now });
      const cold = await loadHistory(snapshot, ports.git, other, {
        ...quiet,
        useCache: false,
        maxChanges: 1_000,
      });
      other.close();
      expect(warm.warnings).toEqual([]);
      return { warm: warm.facts, cold: cold.facts, readCommits: commits };
    },
  };
}

const sample = (folder: string): string =>
  createRepository(folder, [
    { message: "feat: one", files: { "a.txt": "a\n", "b/c.txt": "c\n" } },
    { message: "fix: two", author: "Bob <bob@example.org>", files: { "a.txt": "a\nb\n" } },
    { message: "three", files: { "b/c.txt": null, "d.txt": "c\n" } },
    { message: "four", files: { "é.txt": "x\n" } },
  ]);

describe("loading history", () => {
  async function same(bench: Bench): Promise<number> {
    const { warm, cold, readCommits } = await bench.load();
    expect(byOid(rowsOf(warm))).toEqual(byOid(rowsOf(cold)));
    expect(new Set(warm.oids)).toEqual(
      new Set(git(bench.repository, ["rev-list", "HEAD"]).trim().split("\n")),
    );
    expect(warm.oids[0]).toBe(git(bench.repository, ["rev-parse", "HEAD"]).trim());
    for (const facts of [warm, cold]) {
      const rowOf = new Map(facts.oids.map((oid, row) => [oid, row]));
      const lines = git(bench.repository, ["rev-list", "--parents", "HEAD"]).trim().split("\n");
      const links = lines.flatMap((line) =>
        line
          .split(" ")
          .slice(1)
          .map((parent) => [line.split(" ")[0]!, parent] as const),
      );
      const wrong = links.filter(([child, parent]) => rowOf.get(child)! > rowOf.get(parent)!);
      expect(wrong, "a parent never comes before a child").toEqual([]);
    }
    return readCommits;
  }

  test("after each of: new commit, branch switch, reset backwards, amend, merge, orphan branch, lost head", async () => {
    const bench = createBench(sample);
    const { repository } = bench;
    expect(await same(bench)).toBe(4);
    expect(await same(bench), "nothing new").toBe(0);

    addCommit(repository, { message: "new", files: { "new.txt": "n\n" }, at: 1_701_000_000 });
    expect(await same(bench), "new commit").toBe(1);

    git(repository, ["switch", "--quiet", "--create", "side", "HEAD~2"]);
    addCommit(repository, { message: "side", files: { "side.txt": "s\n" }, at: 1_700_200_000 });
    addCommit(repository, { message: "side again", files: { "side.txt": "s\nt\n" }, at: 1_702_000_000 });
    expect(await same(bench), "switch of branch").toBe(2);

    git(repository, ["reset", "--quiet", "--hard", "HEAD~1"]);
    expect(await same(bench), "reset").toBe(0);

    git(repository, [
      "commit",
      "--quiet",
      "--amend",
      "--message",
      "docs: amended",
      "--author",
      "Eve <eve@example.org>",
    ]);
    expect(await same(bench), "amend").toBe(1);

    git(repository, ["switch", "--quiet", "main"]);
    git(repository, ["merge", "--quiet", "--no-edit", "side"]);
    await same(bench);

    git(repository, ["switch", "--quiet", "--orphan", "lonely"]);
    addCommit(repository, { message: "root", files: { "r.txt": "r\n" }, at: 1_703_000_000 });
    expect(await same(bench), "orphan").toBe(1);

    git(repository, ["switch", "--quiet", "main"]);
    await same(bench);
    git(repository, ["reset", "--quiet", "--hard", "HEAD~2"]);
    for (const branch of ["side", "lonely"]) git(repository, ["branch", "--quiet", "-D", branch]);
    git(repository, ["reflog", "expire", "--expire=now", "--all"]);
    git(repository, ["gc", "--quiet", "--prune=now"]);
    await same(bench);
  });

  test("on random histories, from any commit to any other", async () => {
    const step = fc.record({
      parents: fc.array(fc.nat(), { minLength: 0, maxLength: 3 }),
      at: fc.integer({ min: 0, max: 400_000 }),
      path: fc.nat(5),
      version: fc.nat(2),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 4, maxLength: 14 }),
        fc.array(fc.nat(), { minLength: 2, maxLength: 4 }),
        async (steps, heads) => {
          const bench = createBench((folder) => {
            createRepository(folder, []);
            const input = steps.map((one, index) => {
              const parents = index === 0 ? [] : [...new Set(one.parents.map((parent) => parent % index))];
              const text = `version ${one.version}\n`;
              return [
                "commit refs/heads/main",
                `mark :${index + 1}`,
                `author P${one.path} <p${one.path}@example.org> ${1_700_000_000 + one.at} +0200`,
                `committer C <c@example.org> ${1_700_000_000 + one.at} +0000`,
                `data 2`,
                `c${index % 10}`,
                ...parents.map((parent, place) => `${place === 0 ? "from" : "merge"} :${parent + 1}`),
                ...(parents.length === 0 && index > 0
                  ? ["from 0000000000000000000000000000000000000000"]
                  : []),
                `M 100644 inline f${one.path}`,
                `data ${text.length}`,
                text,
              ].join("\n");
            });
            const tags = steps.map((_, index) => `reset refs/tags/t${index}\nfrom :${index + 1}\n`);
            git(folder, ["fast-import", "--quiet", "--force"], {
              input: `${input.join("\n")}\n${tags.join("\n")}\n`,
            });
            return folder;
          });
          for (const head of heads) {
            git(bench.repository, ["update-ref", "--no-deref", "HEAD", `refs/tags/t${head % steps.length}`]);
            await same(bench);
          }
        },
      ),
      { numRuns: 6, endOnFailure: true },
    );
  });
});

describe("kept facts", () => {
  const name = fc.constantFrom("a", "b", "c/d", "é", "");
  const row = fc.record({
    oid: fc.stringMatching(/^[0-9a-f]{8}$/),
    parents: fc.integer({ min: 0, max: 255 }),
    authoredAt: fc.integer({ min: -1e9, max: 1e11 }),
    committedAt: fc.integer({ min: -1e9, max: 1e11 }),
    authorOffset: fc.integer({ min: -720, max: 840 }),
    identity: name,
    type: fc.nat(13),
    subject: fc.array(fc.nat(2 ** 32 - 1), { maxLength: 3 }),
    body: fc.array(fc.nat(2 ** 32 - 1), { maxLength: 3 }),
    changes: fc.array(fc.tuple(fc.nat(3), name, name), { maxLength: 4 }),
  });
  const history = fc.array(row, { maxLength: 8 });

  function factsOf(
    rows: readonly (CommitRow & { readonly changes: readonly (readonly [number, string, string])[] })[],
  ): CommitFacts {
    const writer = createFactsWriter();
    for (const { changes, ...commit } of rows) {
      writer.commit(commit);
      for (const [status, path, source] of changes) writer.change(status, path, status === 3 ? source : null);
    }
    return writer.finish();
  }

  test("joined are the rows that are named, in that order, and the rest of the older ones", () => {
    const both = fc.uniqueArray(row, { maxLength: 12, selector: ({ oid }) => oid }).chain((rows) =>
      fc.tuple(fc.constant(rows), fc.nat(rows.length), fc.nat(rows.length)).chain(([all, one, other]) => {
        const [cut, from] = [Math.min(one, other), Math.max(one, other)];
        return fc.tuple(
          fc.constant(all),
          fc.constant(cut),
          fc.constant(from),
          fc.shuffledSubarray(all.slice(0, from)),
        );
      }),
    );
    fc.assert(
      fc.property(both, ([rows, cut, from, wanted]) => {
        const order = [...wanted.map(({ oid }) => oid), "unknown"];
        const joined = joinFacts(factsOf(rows.slice(0, cut)), factsOf(rows.slice(cut)), order, from - cut);
        expect(rowsOf(joined)).toEqual(rowsOf(factsOf([...wanted, ...rows.slice(from)])));
      }),
    );
  });

  test("come back as they were, and never from bytes that are something else", () => {
    fc.assert(
      fc.property(history, (rows) => {
        const facts = factsOf(rows);
        const decoded = decodeFacts(encodeFacts({ head: "x", facts }));
        expect(decoded?.head).toBe("x");
        expect(rowsOf(decoded!.facts)).toEqual(rowsOf(facts));
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeFacts(bytes)).toBeNull();
      }),
    );
  });
});

describe("counting lines", () => {
  /** What `git log --numstat` says of each commit, run in the work tree. */
  function authority(repository: string): Map<string, CommitLines> {
    const found = new Map<string, { added: number; deleted: number }>();
    let oid = "";
    for (const line of git(repository, ["log", "--numstat", "--format=%H"]).split("\n")) {
      if (/^[0-9a-f]{40}$/.test(line)) found.set((oid = line), { added: 0, deleted: 0 });
      else if (/^\d/.test(line)) {
        const [added, deleted] = line.split("\t");
        found.get(oid)!.added += Number(added);
        found.get(oid)!.deleted += Number(deleted);
      }
    }
    return found;
  }

  const lines = (count: number, word = "line"): string =>
    Array.from({ length: count }, (_, index) => `${word} ${index}\n`).join("");

  function createOdd(folder: string): string {
    const repository = createRepository(folder, [
      {
        message: "root",
        files: {
          "a.txt": lines(10),
          "b.txt": lines(30),
          "bin.dat": new Uint8Array([0, 1, 2]),
          "end.txt": "no newline",
        },
      },
      { message: "empty", files: {} },
      {
        message: "change",
        files: { "a.txt": lines(12), "bin.dat": new Uint8Array([0, 9]), "end.txt": "no newline\nnow two" },
      },
      { message: "rename and change", files: { "b.txt": null, "dir/moved.txt": `${lines(30)}more\n` } },
      { message: "copy", files: { "copy.txt": lines(12) } },
    ]);
    addCommit(repository, {
      message: "text becomes binary",
      files: { "copy.txt": new Uint8Array([65, 10, 0]) },
    });
    addCommit(repository, { message: "and text again", files: { "copy.txt": "x\r\ny\r\n" } });
    git(repository, ["update-index", "--chmod=+x", "a.txt"]);
    git(repository, ["commit", "--quiet", "--message", "mode"]);
    addCommit(repository, { message: "gone", files: { "a.txt": null } });
    addCommit(repository, {
      message: "folder of that name",
      files: { "a.txt/inside": lines(3), 'odd\tname\n"x".txt': lines(4), "1\t2\t3": lines(5) },
    });
    git(repository, ["update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},module`]);
    git(repository, [
      "update-index",
      "--add",
      "--cacheinfo",
      `120000,${git(repository, ["hash-object", "-w", "--stdin"], { input: "target" }).trim()},link`,
    ]);
    git(repository, ["commit", "--quiet", "--message", "submodule and link"]);
    git(repository, ["switch", "--quiet", "--create", "side", "HEAD~3"]);
    addCommit(repository, { message: "side", files: { "side.txt": lines(6) } });
    git(repository, ["switch", "--quiet", "main"]);
    git(repository, ["merge", "--quiet", "--no-edit", "side"]);
    git(repository, ["switch", "--quiet", "--orphan", "root2"]);
    addCommit(repository, { message: "second root", files: { "other.txt": lines(7) } });
    git(repository, ["switch", "--quiet", "main"]);
    git(repository, ["merge", "--quiet", "--no-edit", "--allow-unrelated-histories", "root2"]);
    return repository;
  }

  async function count(bench: Bench, commits: readonly string[], cache: Cache, useCache = true) {
    const ports = createPorts(join(bench.folder, "data"));
    const opened = await openRepository(bench.repository, ports, openOptions(bench.folder));
    let started = 0;
    const counting: Git = {
      ...ports.git,
      stream(gitDir, args, options) {
        started++;
        return ports.git.stream(gitDir, args, options);
      },
    };
    return {
      ...(await countCommitLines(opened.gitDir, commits, counting, cache, {
        ...quiet,
        attributes: null,
        useCache,
        processes: 2,
      })),
      started: (): number => started,
    };
  }

  test("each commit has the lines that git log --numstat gives it, and is counted once", async () => {
    const bench = createBench(createOdd);
    const expected = authority(bench.repository);
    const plain = git(bench.repository, ["rev-list", "--no-merges", "HEAD"]).trim().split("\n");
    expect(plain.length).toBeGreaterThan(12);
    const first = await count(bench, plain, bench.cache);
    expect(first.unknown.size).toBe(0);
    for (const oid of plain)
      expect({ oid, ...first.linesOf.get(oid) }).toEqual({ oid, ...expected.get(oid) });
    expect(first.started()).toBeGreaterThan(0);
    const second = await count(bench, plain, bench.cache);
    expect(second.linesOf).toEqual(first.linesOf);
    expect(second.started()).toBe(0);
    addCommit(bench.repository, { message: "new", files: { "new.txt": lines(2) } });
    const head = git(bench.repository, ["rev-parse", "HEAD"]).trim();
    const third = await count(bench, [head, ...plain], bench.cache);
    expect(third.linesOf.get(head)).toEqual({ added: 2, deleted: 0 });
    expect(third.linesOf.size).toBe(plain.length + 1);
  });

  test("more commits than fit one process are all counted", async () => {
    const bench = createBench((folder) => {
      createRepository(folder, []);
      const input = Array.from({ length: 700 }, (_, index) => {
        const text = lines(index % 7, `v${index}`);
        return `commit refs/heads/main\nmark :${index + 1}\ncommitter C <c@example.org> ${1_700_000_000 + index} +0000\ndata 1\nx\n${index === 0 ? "" : `from :${index}\n`}M 100644 inline f${index % 3}\ndata ${text.length}\n${text}\n`;
      });
      git(folder, ["fast-import", "--quiet"], { input: input.join("") });
      return folder;
    });
    const expected = authority(bench.repository);
    const { linesOf } = await count(bench, [...expected.keys()], bench.cache);
    expect(linesOf).toEqual(expected);
  });
});
