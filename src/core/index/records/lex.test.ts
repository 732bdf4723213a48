import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lexSyntaxOf, lexWords, wordPlace } from "./lex.ts";

const marks = ["", "//", "~"] as const;

/** `word@line`, comments with `//` before, strings with `~`. */
function lex(text: string, language: string | null): string {
  const words: string[] = [];
  lexWords(text, lexSyntaxOf(language), (start, end, line, place) => {
    words.push(`${marks[place]}${text.slice(start, end)}@${line}`);
  });
  return words.join(" ");
}

function commentLines(text: string, language: string): readonly number[] {
  const lines = new Set<number>();
  lexWords(
    text,
    lexSyntaxOf(language),
    () => {},
    (line) => lines.add(line),
  );
  return [...lines];
}

describe("words, where they stand and on which line", () => {
  const cases: readonly (readonly [name: string, language: string | null, text: string, words: string])[] = [
    ["a comment to the end of the line", "TypeScript", "a // b\nc", "a@1 //b@1 c@2"],
    ["a block over lines", "C", "a /* b\n c */ d", "a@1 //b@1 //c@2 d@2"],
    ["a block that never ends", "C", "a /* b\nc", "a@1 //b@1 //c@2"],
    ["a quote that is not closed ends with its line", "Go", 'a "b\nc', "a@1 ~b@1 c@2"],
    ["quotes in quotes", "JavaScript", `a "b \\" c" d 'e"f' g`, "a@1 ~b@1 ~c@1 d@1 ~e@1 ~f@1 g@1"],
    ["backticks go over lines", "JavaScript", "a `b\nc` d", "a@1 ~b@1 ~c@2 d@2"],
    ["a comment's sign in a string is none", "Python", "a '# b' c # d", "a@1 ~b@1 c@1 //d@1"],
    [
      "docstrings are comments",
      "Python",
      'def f():\n  """A b\n  c"""\n  d',
      "def@1 f@1 //A@2 //b@2 //c@3 d@4",
    ],
    ["an escaped end of a line in a docstring is a line", "Python", '"""\\\na\\\nb"""\nc', "//a@2 //b@3 c@4"],
    ["an escaped end of a line in a string is a line", "C", 'a "b\\\nc" d\ne', "a@1 ~b@1 c@2 ~d@2 e@3"],
    ["CRLF", "Go", "a // b\r\nc\r\n/* d\r\ne */ f", "a@1 //b@1 c@2 //d@3 //e@4 f@4"],
    ["a lifetime is no string", "Rust", "fn a<'b>(c: &'b str) {} // d", "fn@1 a@1 b@1 c@1 b@1 str@1 //d@1"],
    ["prose has no strings and comments", "Markdown", 'it\'s // "a"', "it@1 s@1 a@1"],
    ["a language that nobody knows", null, "a # b 'c", "a@1 b@1 c@1"],
    ["a byte order mark is not of the word", "Go", "\ufeffa", "a@1"],
    ["other scripts", "Python", "имя = 名前 # größe", "имя@1 名前@1 //größe@1"],
    [
      "punctuation of other scripts ends words",
      "Markdown",
      "设置：超时？是（否）！",
      "设置@1 超时@1 是@1 否@1",
    ],
    ["nothing", "Go", "", ""],
  ];
  test.each(cases)("%s", (_, language, text, words) => {
    expect(lex(text, language)).toBe(words);
  });

  test("lines of comments without a word", () => {
    expect(commentLines("/**\n *\n */\n};\n//\na", "TypeScript")).toEqual([1, 2, 3, 5]);
  });
});

test("each word is where it says, on the line it says, and no letter is left out", () => {
  const texts = fc
    .array(fc.constantFrom(...Array.from("abc_9é名 \n\r\t'\"`\\/*#;(){}-"), "//", "/*", "*/", '"""', "'''"))
    .map((parts) => parts.join(""));
  const languages = fc.constantFrom("TypeScript", "Python", "C", "Rust", "Shell", "HTML", "Markdown", null);
  fc.assert(
    fc.property(texts, languages, (text, language) => {
      let at = 0;
      let skipped = "";
      lexWords(text, lexSyntaxOf(language), (start, end, line, place) => {
        expect(start).toBeGreaterThanOrEqual(at);
        expect(line).toBe(text.slice(0, start).split("\n").length);
        expect(Object.values(wordPlace)).toContain(place);
        skipped += text.slice(at, start);
        at = end;
      });
      // What stands behind a backslash in a string may be skipped, but for ends of lines.
      expect(skipped.replace(/\\./g, "")).not.toMatch(/[\p{L}\p{N}_]/u);
    }),
    { numRuns: 500 },
  );
});
