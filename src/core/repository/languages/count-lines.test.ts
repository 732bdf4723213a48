import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commentedLanguages } from "./comment-syntax.ts";
import { countLines } from "./count-lines.ts";
import { linguist } from "./linguist-data.ts";

/** `[code, comments, blanks]`. The expectations were checked with cloc 1.96. */
const count = (language: string | null, text: string) => {
  const { code, comments, blanks } = countLines(Buffer.from(text), language);
  return [code, comments, blanks];
};

describe("countLines", () => {
  it.each([
    ["code and comment on a line", "C", "int a; // x\n/* y */ int b;\n", [2, 0, 0]],
    ["a block that joins two lines of code", "C", "int a; /* x\n\n y */ int b;\n", [1, 1, 1]],
    ["a block that never ends", "C", "/* open\nint a;\n", [2, 0, 0]],
    ["a line comment hides an opener", "C", "// /*\nint a;\n", [1, 1, 0]],
    ["an opener in a string counts", "C", 'a = "/*";\nint b;\nc = "*/";\n', [1, 2, 0]],
    ["a blank line that continues a macro", "C", "#define A \\\n\nint a;\n", [3, 0, 0]],
    ["a comment line that takes its line end along", "C", "int a; // x \\\nint b;\n", [1, 1, 0]],
    ["no continuation in Rust", "Rust", "a \\\n\nb\n", [2, 0, 1]],
    ["Java: a file glob in a string", "Java", 'a("x/*");\nb("*/");\n', [2, 0, 0]],
    ["docstrings", "Python", '"""doc\n\nmore"""\nx = 1\n', [1, 2, 1]],
    ["a raw docstring keeps its letter", "Python", 'r"""doc\n"""\nx = 1\n', [2, 1, 0]],
    ["a docstring that never ends", "Python", 'x = 1\n"""doc\nmore\n', [3, 0, 0]],
    ["a comment inside a docstring", "Python", '"""\n# """\n"""\nx = 1\n', [1, 3, 0]],
    ["a line with a file glob", "Python", 'x = "a/*.py"\ny = 1\n', [1, 1, 0]],
    ["a shebang is code", "Python", "#!/usr/bin/python\n# x\ny = 1\n", [2, 1, 0]],
    ["a shebang is code", "Shell", "\n#!/bin/sh\n# x\n", [1, 1, 1]],
    ["Ruby's =begin", "Ruby", "=begin\nx\n\n=end\ny\n", [1, 3, 1]],
    ["Perl's pod and __END__", "Perl", "=head1 A\nx\n=cut\ny;\n__END__\nz\n", [1, 5, 0]],
    ["PHP", "PHP", "<?php\n# a\n// b\n/* c */\n$d;\n", [2, 3, 0]],
    ["SQL", "SQL", "-- a\n/* b */\nselect 1; -- c\n", [1, 2, 0]],
    ["CSS has no line comments", "CSS", "// a\n/* b */\n", [1, 1, 0]],
    ["HTML", "HTML", "<a> <!-- b\nc -->\n<d>\n", [1, 2, 0]],
    ["Markdown", "Markdown", "# a\n\n<!-- b -->\n[//]: # (c)\n", [1, 2, 1]],
    ["reStructuredText", "reStructuredText", ".. a\n   b\nc d\n", [1, 2, 0]],
    ["Haskell", "Haskell", "{- a\nb -}\n-- c\nd {- e -}\n{-# F #-}\n", [2, 3, 0]],
    ["OCaml nests", "OCaml", "(* a (* b *)\nc *)\nd\n", [1, 2, 0]],
    ["Lua", "Lua", "--[[ a\nb ]]\n-- c\nd\n", [1, 3, 0]],
    ["Elixir docs", "Elixir", '@doc """\na\n"""\n# b\nc\n', [1, 4, 0]],
    ["PowerShell", "PowerShell", "<# a\nb #>\n# c\nd\n", [1, 3, 0]],
    ["Vue", "Vue", "<!-- a -->\n<b>\n// c\n", [1, 2, 0]],
    ["Haml", "Haml", "-#\n  a\n  b\n%c\n", [1, 3, 0]],
    ["JSON has no comments", "JSON", "{\n\n// a\n}\n", [3, 0, 1]],
    ["YAML", "YAML", "# a\nb: 1 # c\n", [1, 1, 0]],
    [
      "Jupyter",
      "Jupyter Notebook",
      '{"cells": [{\n"cell_type": "code",\n"source": [\n"# a\\n",\n"b\\n"\n]}]}\n',
      [2, 4, 0],
    ],
    ["unknown languages have only code", "No Such Language", "# a\n\nb\n", [2, 0, 1]],
    ["no language", null, "# a\n\nb\n", [2, 0, 1]],
  ])("%s (%s)", (_title, language, text, expected) => expect(count(language, text)).toEqual(expected));

  it.each([
    ["", [0, 0, 0]],
    ["\n", [0, 0, 1]],
    ["a", [1, 0, 0]],
    ["a\n", [1, 0, 0]],
    ["a\r\n\r\n// b\r\n", [1, 1, 1]],
    ["a\n\f\n \t\v\n", [1, 0, 2]],
    ["\uFEFF// a\n", [0, 1, 0]],
  ])("handles the ends of %j", (text, expected) => expect(count("C", text)).toEqual(expected));

  it("reads UTF-16 text with a byte order mark", () => {
    expect(countLines(Buffer.from("\uFEFF// a\n\nint b;\n", "utf16le"), "C")).toEqual({
      code: 1,
      comments: 1,
      blanks: 1,
    });
  });

  it("has comment syntax under Linguist's names only, for at least 80 languages", () => {
    const unknown = commentedLanguages().filter((name) => !Object.hasOwn(linguist.languages, name));
    expect(unknown).toEqual([]);
    expect(commentedLanguages().length).toBeGreaterThan(80);
  });

  it("gives every line to exactly one kind, in every language", () => {
    const piece = fc.constantFrom(
      "a",
      " ",
      "\n",
      "\r\n",
      "\t",
      "\\\n",
      "/*",
      "*/",
      "//",
      "#",
      '"',
      "'",
      '"""',
      "'''",
      "u",
      "--",
      "[[",
      "]]",
      "{-",
      "-}",
      "(*",
      "*)",
      "<!--",
      "-->",
      "=begin",
      "=end",
      "=cut",
      "__END__",
      "%",
      ";",
      "#!",
      "é",
      "@doc ",
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join("")),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...commentedLanguages()), text, (language, sample) => {
        const { code, comments, blanks } = countLines(Buffer.from(sample), language);
        expect(Math.min(code, comments, blanks)).toBeGreaterThanOrEqual(0);
        const lines = sample.split("\n").length - (sample.endsWith("\n") || sample === "" ? 1 : 0);
        expect(code + comments + blanks).toBe(sample.replace(/^\uFEFF/, "") === "" ? 0 : lines);
      }),
      { numRuns: 5_000 },
    );
  });

  it("never throws on bytes", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...commentedLanguages()),
        fc.uint8Array({ maxLength: 200 }),
        (language, bytes) => {
          const { code, comments, blanks } = countLines(bytes, language);
          expect(Math.min(code, comments, blanks)).toBeGreaterThanOrEqual(0);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("stays linear on comments that never end", () => {
    const started = performance.now();
    for (const language of ["C", "Python", "Lua", "HTML", "Vue", "Java"]) {
      countLines(Buffer.from('/* """ <!-- --[[ "/*'.repeat(20_000)), language);
      countLines(Buffer.from('/*\n<!--\n--[[\n"""\n'.repeat(20_000)), language);
    }
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
