import * as fc from "fast-check";
import { expect, test } from "vitest";
import { changeStatus, createFactsWriter } from "../../repository/history/commit-facts.ts";
import { followFiles } from "./files.ts";
import { createHistoryView } from "./view.ts";

type Step = readonly [action: "add" | "change" | "rename" | "delete", which: number];

interface Living {
  path: string;
  readonly touchedIn: number[];
  readonly creator: number;
}

/** A straight history in which no name is used twice; every file knows itself what happened to it. */
function simulate(commits: readonly (readonly Step[])[]) {
  const living: Living[] = [];
  const changes: { status: number; path: string; source: string | null }[][] = [];
  let names = 0;
  for (const [commit, steps] of commits.entries()) {
    const done = new Set<Living>();
    changes.push([]);
    for (const [action, which] of steps) {
      const change = (status: number, path: string, source: string | null = null): void =>
        void changes.at(-1)!.push({ status, path, source });
      if (action === "add") {
        const file = { path: `file${names++}`, touchedIn: [commit], creator: commit % 3 };
        done.add(file);
        living.push(file);
        change(changeStatus.added, file.path);
        continue;
      }
      const file = living[which % Math.max(1, living.length)];
      if (!file || done.has(file)) continue;
      done.add(file);
      file.touchedIn.push(commit);
      if (action === "change") change(changeStatus.modified, file.path);
      else if (action === "rename") {
        const source = file.path;
        file.path = `file${names++}`;
        change(changeStatus.renamed, file.path, source);
      } else {
        living.splice(living.indexOf(file), 1);
        change(changeStatus.deleted, file.path);
      }
    }
  }
  return { living, changes };
}

test("every living file is followed through all its names to the one who made it", () => {
  const step = fc.tuple(fc.constantFrom("add", "change", "rename", "delete"), fc.nat()) as fc.Arbitrary<Step>;
  fc.assert(
    fc.property(fc.array(fc.array(step, { maxLength: 6 }), { maxLength: 25 }), (commits) => {
      const { living, changes } = simulate(commits);
      const writer = createFactsWriter();
      for (let commit = commits.length - 1; commit >= 0; commit--) {
        writer.commit({
          oid: String(commit),
          parents: 1,
          authoredAt: commit,
          committedAt: 1_000 + commit,
          authorOffset: 0,
          identity: `P${commit % 3} <p${commit % 3}@example.org>`,
          type: 0,
          subject: [],
          body: [],
        });
        for (const { status, path, source } of changes[commit]!) writer.change(status, path, source);
      }
      const facts = writer.finish();
      const people = facts.identities.map((text) => ({ name: text.slice(0, 2), email: text.slice(4, -1) }));
      const view = createHistoryView(
        facts,
        people,
        facts.oids.map((_, row) => row),
      );
      const found = followFiles(
        view,
        living.map((file) => file.path),
      );
      for (const [index, file] of living.entries()) {
        const history = found.files[index]!;
        expect(history.commits).toBe(file.touchedIn.length);
        expect(history.lastChangeAt).toBe(1_000 + file.touchedIn.at(-1)!);
        expect(people[history.creator!]!.name).toBe(`P${file.creator}`);
        const byName = Object.fromEntries(
          [...history.byPerson].map(([person, count]) => [people[person]!.name, count]),
        );
        const expected: Record<string, number> = {};
        for (const commit of file.touchedIn)
          expected[`P${commit % 3}`] = (expected[`P${commit % 3}`] ?? 0) + 1;
        expect(byName).toEqual(expected);
        const touchedIn = found.touches.flatMap((touched, row) =>
          touched.includes(index) ? [Number(facts.oids[row])] : [],
        );
        expect(touchedIn.toReversed()).toEqual(file.touchedIn);
      }
    }),
    { numRuns: 300 },
  );
});
