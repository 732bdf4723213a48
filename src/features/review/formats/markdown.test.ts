import { assert, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { hostileText } from "../../../../test/support/hostile-text.ts";
import { code, escapeBlock, escapeText } from "./markdown.ts";

const runs = { numRuns: 300 };

test("text of others makes no markup, and nothing that hosts link or notify", () => {
  assert(
    property(hostileText, (text) => {
      const shown = escapeText(text);
      expect(shown).not.toMatch(/[\n\r]/);
      expect(shown.isWellFormed()).toBe(true);
      const plain = withoutCode(shown);
      expect(plain).not.toMatch(/[<>[\]*_\\|~`$]/);
      expect(plain.replaceAll(/&#\d+;/g, "")).not.toContain("&");
      // Hosts look for what they know in the text as it is shown.
      expect(decode(plain)).not.toMatch(references);
    }),
    runs,
  );
});

test("no paragraph begins with what begins a block or a command", () => {
  assert(
    property(hostileText, (text) => {
      for (const line of escapeBlock(text).split("\n"))
        expect(line).not.toMatch(/^\s*([-+#=:/>~|<]|\d+[.)]|```|\t| {4})/);
    }),
    runs,
  );
});

test("a code span holds its text, whatever it is", () => {
  assert(
    property(hostileText, hostileText, (text, next) => {
      const line = `${code(text)} ${escapeText(next)}`;
      const [first] = readCode(line);
      expect(first!.from).toBe(0);
      expect(line.slice(first!.to)).toBe(` ${escapeText(next)}`);
    }),
    runs,
  );
});

describe("what people write stays readable", () => {
  test.each([
    ["`fetchUser()` is not awaited", "`fetchUser()` is not awaited"],
    ["a * b_c <T>", "a &#42; b&#95;c &#60;T&#62;"],
    ["see @ada, #12 and !7", "see @\u200bada, #\u200b12 and !\u200b7"],
    ["ada@example.org", "ada@\u200bexample.org"],
    ["https://evil.example and www.evil.example", "https:\u200b//evil.example and www\u200b.evil.example"],
    ["![x](http://e/?q=1)", "!&#91;x&#93;(http:\u200b//e/?q=1)"],
    ["&#64;ada &lt;b&gt;", "&#38;#\u200b64;ada &#38;lt;b&#38;gt;"],
    ["``` a", "&#96;&#96;&#96; a"],
    ["two\n\nlines \u202e\u0007", "two lines \\u202e\\x07".replaceAll("\\", "&#92;")],
    ["$`x`$ and $5", "&#36;`x`&#36; and &#36;\u200b5"],
  ])("%j", (text, expected) => {
    expect(escapeText(text)).toBe(expected);
  });

  test.each([
    ["a", "`a`"],
    ["`a`", "`` `a` ``"],
    ["a``b", "```a``b```"],
    [" a ", "`  a  `"],
    ["", "`  `"],
    ["a\nb\u0000", "`a\\nb\\x00`"],
  ])("code %j", (text, expected) => {
    expect(code(text)).toBe(expected);
  });

  test("paragraphs are kept, and commands of GitLab are none", () => {
    expect(escapeBlock("One.\n\n/merge\n/close\n \n- Two")).toBe(
      "One.\n\n\u200b/merge /close\n\n\u200b- Two",
    );
  });
});

const references = /@\w|[#!$&]\d|[%~]["\w]|\[\w+:|\*iteration|\bGH-\d|:\/\/|www\./i;

/** Code spans as CommonMark reads them: a run of backticks, up to the next run of the same length. */
function readCode(text: string): readonly { readonly from: number; readonly to: number }[] {
  const runs = [...text.matchAll(/`+/g)].map((run) => ({ at: run.index, length: run[0].length }));
  const spans: { from: number; to: number }[] = [];
  for (let at = 0; at < runs.length; at++) {
    const close = runs.findIndex((run, index) => index > at && run.length === runs[at]!.length);
    if (close < 0) continue;
    spans.push({ from: runs[at]!.at, to: runs[close]!.at + runs[close]!.length });
    at = close;
  }
  return spans;
}

function withoutCode(text: string): string {
  let plain = "";
  let from = 0;
  for (const span of readCode(text)) {
    plain += `${text.slice(from, span.from)} `;
    from = span.to;
  }
  return plain + text.slice(from);
}

function decode(text: string): string {
  return text.replaceAll(/&#(\d+);/g, (_, digits: string) => String.fromCharCode(Number(digits)));
}
