import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAttributes } from "./attributes.ts";

const attributesOf = (text: string, path: string) =>
  createAttributes([{ path: ".gitattributes", text }])(path);

describe("createAttributes", () => {
  it.each([
    ["*.inc linguist-language=PHP", "a/b.inc", { language: "PHP" }],
    ["*.inc linguist-vendored", "a/b.inc", { vendored: true }],
    ["*.inc -linguist-vendored", "a/b.inc", { vendored: false }],
    ["*.inc linguist-vendored=false", "a/b.inc", { vendored: false }],
    ["* linguist-generated\n*.inc !linguist-generated", "a/b.inc", {}],
    ["* linguist-generated\r\n*.inc -linguist-generated\r\n", "a/b.inc", { generated: false }],
    ["a/** linguist-documentation", "a/b/c.md", { documentation: true }],
    ["a/* linguist-documentation", "a/b/c.md", {}],
    ["/b.md linguist-documentation", "a/b.md", {}],
    ["**/b.md linguist-documentation", "b.md", { documentation: true }],
    ["a/**/b.md linguist-detectable", "a/b.md", { detectable: true }],
    ["a/ linguist-vendored", "a/b.md", {}],
    ["b.[hm]d linguist-vendored", "a/b.md", { vendored: true }],
    ["b.[!m]d linguist-vendored", "a/b.md", {}],
    ['"a b.md" linguist-vendored', "a b.md", { vendored: true }],
    ["# * linguist-vendored\n*.png binary\n* text=auto", "b.png", {}],
    ["[attr]made linguist-generated\n*.pb made", "x.pb", { generated: true }],
    ["!*.pb linguist-generated", "x.pb", {}],
  ])("%j on %s", (text, path, expected) => expect(attributesOf(text, path)).toEqual(expected));

  it("lets deeper files win, relative to their own folder", () => {
    const of = createAttributes([
      { path: "a/.gitattributes", text: "/x.c -linguist-vendored" },
      { path: ".gitattributes", text: "*.c linguist-vendored linguist-language=C" },
    ]);
    expect(of("a/x.c")).toEqual({ vendored: false, language: "C" });
    expect(of("a/b/x.c")).toEqual({ vendored: true, language: "C" });
    expect(of("x.c")).toEqual({ vendored: true, language: "C" });
  });

  it("agrees with git check-attr", () => {
    const patterns = [
      "*.c",
      "a",
      "/a",
      "a/*",
      "a/**",
      "**/b",
      "a/**/b",
      "*",
      "?.c",
      "[ab].c",
      "b/a.c",
      "\\a.c",
      "*b*/a",
      "**.c",
    ];
    const values = [
      "linguist-vendored",
      "-linguist-vendored",
      "!linguist-vendored",
      "linguist-vendored=false",
    ];
    const paths = [
      "a",
      "b",
      "a.c",
      "b.c",
      "a/a.c",
      "a/b",
      "a/b/a.c",
      "b/a.c",
      "a/b/b",
      "ab/a",
      "c/ab/a",
      "a/b/c/b",
    ];
    const line = fc
      .tuple(fc.constantFrom(...patterns), fc.constantFrom(...values))
      .map((words) => words.join(" "));
    const folder = mkdtempSync(join(tmpdir(), "attributes-"));
    try {
      execFileSync("git", ["init", "-q"], { cwd: folder });
      fc.assert(
        fc.property(fc.array(line, { maxLength: 5 }), fc.array(line, { maxLength: 3 }), (outer, inner) => {
          const files = [
            { path: ".gitattributes", text: outer.join("\n") },
            { path: "a/.gitattributes", text: inner.join("\n") },
          ];
          for (const { path, text } of files) {
            mkdirSync(dirname(join(folder, path)), { recursive: true });
            writeFileSync(join(folder, path), text);
          }
          const said = execFileSync("git", ["check-attr", "linguist-vendored", ...paths], {
            cwd: folder,
          }).toString();
          const of = createAttributes(files);
          for (const answer of said.trim().split("\n")) {
            const [path = "", , value = ""] = answer.split(": ");
            const expected = { set: true, unset: false, false: false }[value];
            expect([path, outer, inner, of(path).vendored]).toEqual([path, outer, inner, expected]);
          }
        }),
        { numRuns: 150 },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, path) => {
        expect(typeof attributesOf(`${text} linguist-vendored\n[ linguist-vendored`, path)).toBe("object");
      }),
    );
  });
});
