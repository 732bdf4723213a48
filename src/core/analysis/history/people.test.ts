import { describe, expect, test } from "vitest";
import { writeHistory } from "../../../../test/support/history.ts";
import { newAndLeaving, summariseAuthors } from "./authors.ts";
import { groupPersons } from "./group-persons.ts";
import { isBot, joinPersons } from "./persons.ts";
import { createHistoryView } from "./view.ts";

const identity = (text: string) => {
  const [, name, email] = /^(.*) <(.*)>$/.exec(text)!;
  return { name: name!, email: email! };
};

describe("who is one person", () => {
  test.each([
    ["the same address", "Ada <ada@byron.org>", "ada.b <ADA@byron.org>"],
    ["the same full name", "Ada Byron <ada@home.org>", "ada  byron <ada@work.com>"],
    [
      "an address that names its user",
      "Ada <1+ada@users.noreply.github.com>",
      "A. B. <1+ada@users.noreply.github.com>",
    ],
    [
      "an old Subversion account",
      "ada <ada@13f79535-47bb-0310-9956-ffa450edef68>",
      "Ada B <ada@13f79535-47bb-0310-9956-ffa450edef68>",
    ],
  ])("%s", (_, a, b) => {
    expect([...joinPersons([a, b].map(identity))]).toEqual([0, 0]);
  });

  test.each([
    ["a shared no-reply address", "Ada <noreply@github.com>", "Bob <noreply@github.com>"],
    [
      "a shared no-reply address with a number",
      "Ada <no-reply@build2.example.io>",
      "Bob <no-reply@build2.example.io>",
    ],
    ["root", "Ada <root@box>", "Bob <root@box>"],
    ["an address made up by Git", "Ada <me@localhost>", "Bob <me@localhost>"],
    ["an example address", "Ada <x@example.com>", "Bob <x@example.com>"],
    ["no address", "Ada <>", "Bob <>"],
    ["a word in place of an address", "Ada <none>", "Bob <none>"],
    ["a name of one word", "alex <a@x.org>", "alex <b@y.org>"],
    ["a name that tools fill in", "Your Name <a@x.org>", "Your Name <b@y.org>"],
    ["nothing", "Ada Byron <a@x.org>", "Ada Lovelace <b@y.org>"],
  ])("not by %s", (_, a, b) => {
    expect([...joinPersons([a, b].map(identity))]).toEqual([0, 1]);
  });

  test("chains are followed in any order", () => {
    const chain = ["Ada Byron <a@x.org>", "Someone Else <z@z.org>", "al <b@y.org>", "Ada Byron <b@y.org>"];
    expect([...joinPersons(chain.map(identity))]).toEqual([0, 1, 0, 0]);
  });

  test.each([
    ["dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>", true],
    ["Renovate Bot <bot@renovateapp.com>", true],
    ["github-actions <github-actions@github.com>", true],
    ["GitHub Actions <41898282+github-actions[bot]@users.noreply.github.com>", true],
    ["Abbot <abbot@monastery.org>", false],
    ["Robot Chicken <r@x.org>", false],
  ])("%s: is a program %s", (text, expected) => {
    expect(isBot(identity(text))).toBe(expected);
  });
});

describe("authors", () => {
  const view = writeHistory([
    { by: "Ada Byron <ada@x.org>", at: "2024-01-01T00:00:00Z" },
    { by: "Bob B <bob@x.org>", at: "2024-01-03T00:00:00Z" },
    { by: "Ada Byron <ada@y.org>", at: "2024-01-02T00:00:00Z" },
    { by: "Ada Byron <ada@x.org>", at: "2023-12-31T00:00:00Z", parents: 2 },
  ]);

  test("are identities, merges counted, most commits first, with first and last whatever the order", () => {
    expect(summariseAuthors(view, null)).toEqual([
      expect.objectContaining({
        name: "Ada Byron",
        email: "ada@x.org",
        commits: 2,
        linesAdded: null,
        firstCommitAt: "2023-12-31T00:00:00Z",
        lastCommitAt: "2024-01-01T00:00:00Z",
      }),
      expect.objectContaining({ name: "Ada Byron", email: "ada@y.org", commits: 1 }),
      expect.objectContaining({ name: "Bob B", email: "bob@x.org", commits: 1 }),
    ]);
  });

  test("lines are those of their commits; a commit whose contents are missing adds none", () => {
    const authors = summariseAuthors(view, (oid) => (oid.endsWith("3") ? null : { added: 10, deleted: 1 }));
    expect(authors.map((author) => [author.linesAdded, author.linesDeleted])).toEqual([
      [10, 1],
      [10, 1],
      [10, 1],
    ]);
  });

  test("of one person are joined under the name with the most commits", () => {
    const authors = summariseAuthors(view, () => ({ added: 10, deleted: 1 }));
    const [ada, bob] = groupPersons(authors);
    expect(ada).toMatchObject({
      email: "ada@x.org",
      commits: 3,
      linesAdded: 30,
      linesDeleted: 3,
      firstCommitAt: "2023-12-31T00:00:00Z",
      lastCommitAt: "2024-01-02T00:00:00Z",
    });
    expect(bob).toMatchObject({ name: "Bob B", commits: 1 });
    expect(groupPersons(summariseAuthors(view, null))[0]).toMatchObject({ linesAdded: null });
  });

  test("two identities that a mailmap made one are one author", () => {
    const { facts, rows } = writeHistory([{ by: "ada <a@x.org>" }, { by: "Ada <old@x.org>" }]);
    const mapped = facts.identities.map(() => identity("Ada Byron <ada@x.org>"));
    expect(summariseAuthors(createHistoryView(facts, mapped, rows), null)).toEqual([
      expect.objectContaining({ name: "Ada Byron", email: "ada@x.org", commits: 2 }),
    ]);
  });

  test("without a commit in the range are left out", () => {
    expect(summariseAuthors({ ...view, rows: [] }, null)).toEqual([]);
  });
});

describe("who came and who left, seen from the last commit", () => {
  const commits = (by: string, count: number, at: string) =>
    Array.from({ length: count }, () => ({ by, at }));
  const view = writeHistory([
    ...commits("Old Timer <old@x.org>", 10, "2019-01-01T00:00:00Z"),
    ...commits("Rare Guest <rare@x.org>", 9, "2019-01-01T00:00:00Z"),
    ...commits("Just Gone <gone@x.org>", 10, "2019-01-01T00:00:00Z"),
    ...commits("Just Gone <gone@y.org>", 1, "2021-01-01T00:00:00Z"),
    ...commits("Still Here <here@x.org>", 1, "2019-01-01T00:00:00Z"),
    ...commits("New Comer <new@x.org>", 1, "2021-07-05T00:00:00Z"),
    ...commits("Not New <not@x.org>", 1, "2021-07-04T00:00:00Z"),
    ...commits("Still Here <here@x.org>", 1, "2022-01-01T00:00:00Z"),
  ]);
  const { newAuthors, leavingAuthors } = newAndLeaving(summariseAuthors(view, null));

  test("new: a first commit within 180 days", () => {
    expect(newAuthors).toEqual([{ name: "New Comer", commits: 1, firstCommitAt: "2021-07-05T00:00:00Z" }]);
  });

  test("leaving: ten commits, none within 365 days, under any of their addresses", () => {
    expect(leavingAuthors).toEqual([
      { name: "Old Timer", commits: 10, lastCommitAt: "2019-01-01T00:00:00Z" },
    ]);
  });

  test("an empty range has neither", () => {
    expect(newAndLeaving([])).toEqual({ newAuthors: [], leavingAuthors: [] });
  });
});
