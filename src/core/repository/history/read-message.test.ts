import { describe, expect, test } from "vitest";
import { createWordReader, hashTerm, splitWord } from "../../index/records/words.ts";
import { readMessage } from "./read-message.ts";

const readWord = createWordReader();
const terms = (text: string): readonly number[] => text.split(" ").flatMap(splitWord).map(hashTerm);

describe("what a commit's message says", () => {
  const cases: readonly (readonly [name: string, subject: string, body: string, words: string])[] = [
    ["subject and body", "Fix parseFile", "It failed.\nTwice.", "It failed Twice"],
    ["nothing", "", "", ""],
    [
      "people and numbers at the end",
      "x",
      "Why.\n\nSigned-off-by: Ada <ada@b.org>\nCo-authored-by: Bob <b@c.d>",
      "Why",
    ],
    [
      "other trailers",
      "x",
      "Why.\nCloses: #12\nRefs: ABC-1\nPR-URL: https://a.b/c\nChange-Id: I12\nCc: x",
      "Why",
    ],
    ["what only looks like one", "x", "See the notes: they fix it", "See the notes they fix it"],
    ["addresses", "x", "Look at https://a.org/b?c=d and ada@b.org now", "Look at and now"],
    ["versions in the subject", "bump express@4.2 (see https://a.b)", "", ""],
    ["trailers in between", "x", "One\nReviewed-by: Eve\nTwo", "One Two"],
    ["other scripts", "größe", "設定 имя", "設定 имя"],
  ];
  test.each(cases)("%s", (_, subject, body, words) => {
    const lines = ["h", ...body.split("\n")];
    const found = readMessage(subject, lines, 1, readWord);
    expect(found.subject).toEqual(terms(subject.replace(/[^\p{L}\p{N}]+/gu, " ").trim()));
    expect(found.body).toEqual(terms(words));
  });

  test("of a body without end the beginning is read", () => {
    const { body } = readMessage(
      "x",
      Array.from({ length: 5_000 }, () => "one two three"),
      0,
      readWord,
    );
    expect(body).toHaveLength(120);
  });

  test("one line of a megabyte is read to its end", () => {
    for (const piece of ["a@", "://", "x ", "@", "a:"])
      expect(readMessage("x", [piece.repeat(300_000)], 0, readWord).body.length).toBeLessThanOrEqual(120);
  });
});
