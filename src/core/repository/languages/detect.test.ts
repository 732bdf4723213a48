import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { detectLanguage, traceDetection } from "./detect.ts";
import { linguist } from "./linguist-data.ts";
import { nameKey } from "./name-key.ts";

const detect = (path: string, text: string, forced?: string) => {
  const { language, reason } = detectLanguage(path, Buffer.from(text), forced);
  return [language, reason.strategy];
};

const binary = (bytes: readonly number[]) => detectLanguage("a.py", Buffer.from(bytes)).binary;

describe("detectLanguage", () => {
  it.each([
    ["a.unknown", "# vim: set ft=ruby :\n", "Ruby", "modeline"],
    ["a.h", "/* -*- mode: c++; tab-width: 4 -*- */\n", "C++", "modeline"],
    ["a.c", `${"int x;\n".repeat(50)}/* vim: ft=cpp */\n`, "C++", "modeline"],
    ["a.c", `/* 1 */\n${"int x;\n".repeat(9)}// vim: ft=cpp\n${"int x;\n".repeat(9)}`, "C", "extension"],
    ["x/Makefile", "all:\n", "Makefile", "filename"],
    ["x/makefile.PL", "use strict;\n", "Perl", "heuristic"],
    ["run", "#!/usr/bin/env -S python3.11 -u\n", "Python", "shebang"],
    ["run", '#!/bin/sh\nexec tclsh "$0" ${1+"$@"}\n', "Tcl", "shebang"],
    ["run", "#! /usr/bin/perl -w\n", "Perl", "popularity"],
    ["a.py", "x = 1\n", "Python", "extension"],
    ["a.RB", "x = 1\n", "Ruby", "extension"],
    ["types.d.ts", "declare const a: string;\n", "TypeScript", "heuristic"],
    ["feed.unknown", "<?xml version='1.0'?>\n<a/>\n", "XML", "xml"],
    ["tool.1", ".TH TOOL 1\n.SH NAME\n", "Roff Manpage", "heuristic"],
    ["a.h", "int main(void);\n", "C", "heuristic"],
    ["a.h", "#include <vector>\n", "C++", "heuristic"],
    ["a.h", "@interface A : B\n@end\n", "Objective-C", "heuristic"],
    ["a.ts", "<?xml version='1.0'?>\n<TS version='2.1'>\n", "XML", "heuristic"],
    ["a.pl", "use strict;\nmy $x = 1;\n", "Perl", "heuristic"],
    ["a.pl", "parent(X) :- child(X).\n", "Prolog", "heuristic"],
    ["a.m", "% comment\nx = 1;\n", "MATLAB", "heuristic"],
    ["a.yml", "a: 1\n", "YAML", "heuristic"],
    ["a.mod", "nothing that decides\n", "Linux Kernel Module", "popularity"],
    ["a.sol", "nothing that decides\n", null, "none"],
    ["a.unknown", "x\n", null, "none"],
  ])("%s with %j is %s by %s", (path, text, language, strategy) => {
    expect(detect(path, text)).toEqual([language, strategy]);
  });

  it("looks for evidence in the first 50 KB only", () => {
    const filler = "int x;\n".repeat(10_000);
    expect(detect("a.h", `std::string s;\n${filler}`)).toEqual(["C++", "heuristic"]);
    expect(detect("a.h", `${filler}std::string s;\n${"\n".repeat(6)}`)).toEqual(["C", "heuristic"]);
  });

  it("obeys linguist-language, by alias and in any case", () => {
    expect(detect("a.inc", "x", "pHp")).toEqual(["PHP", "attribute"]);
    expect(detect("a.inc", "x", "cpp")).toEqual(["C++", "attribute"]);
    expect(detect("a.py", "x", "no-such-language")).toEqual([null, "attribute"]);
  });

  it("tells binary from text", () => {
    expect(binary([0x61, 0, 0x62])).toBe(true);
    expect(binary([0xff, 0xfe, 0x61, 0])).toBe(false);
    expect(binary([0x63, 0x61, 0x66, 0xe9, 10])).toBe(false);
    expect(detectLanguage("a.py", Buffer.from([0xff, 0xfe, 0x61, 0])).language).toBe("Python");
  });

  it("knows no language named like a property of every object", () => {
    for (const name of ["constructor", "a.constructor", "__proto__", "a.__proto__", "toString"]) {
      expect(detect(name, "x\n")).toEqual([null, "none"]);
    }
    expect(detect("run", "#!/bin/constructor\n")).toEqual([null, "none"]);
  });

  it("says which candidates a decision was made from", () => {
    const { detection, trace } = traceDetection("a.h", Buffer.from("#include <vector>\n"));
    expect(detection.reason.detail).toBe("content of .h, from C, C++, Objective-C");
    expect(trace.map(({ strategy }) => strategy)).toEqual(["extension", "heuristic"]);
  });

  it("compiles and runs every heuristic", () => {
    for (const { extensions } of linguist.heuristics) {
      for (const extension of extensions) {
        expect(() => detectLanguage(`a${extension}`, Buffer.from("x = 1;\n\n#foo bar\n"))).not.toThrow();
      }
    }
  });

  it("takes no more than a moment on hostile text", () => {
    const hostile = [" \n".repeat(25_000), "a".repeat(50_000), "(".repeat(50_000)];
    for (const { extensions } of linguist.heuristics) {
      for (const text of hostile) {
        const started = performance.now();
        detectLanguage(`a${extensions[0]}`, Buffer.from(text));
        expect({ extension: extensions[0], slow: performance.now() - started > 2_000 }).toEqual({
          extension: extensions[0],
          slow: false,
        });
      }
    }
  });

  it("depends only on the name key and the bytes", () => {
    const names = [
      ...Object.keys(linguist.filenames),
      ...Object.keys(linguist.extensions).map((end) => `a${end}`),
    ];
    const name = fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 12 }));
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[\w.]{1,8}$/)),
        name,
        fc.uint8Array({ maxLength: 60 }),
        (folders, file, bytes) => {
          const path = [...folders, file].join("/");
          const key = nameKey(path);
          const twin = key.startsWith("/") ? `other${key}` : `some/where/else${key}`;
          expect(nameKey(twin)).toBe(key);
          expect(detectLanguage(path, bytes)).toEqual(detectLanguage(twin, bytes));
        },
      ),
    );
  });
});

describe("nameKey", () => {
  it.each([
    ["a/b/Makefile", "/Makefile"],
    ["a/b/x.PY", ".py"],
    ["x.min.js", ".js"],
    ["x.Blade.PHP", ".blade.php"],
    ["tool.3x", ".3x"],
    ["x.unknown.ZIP", ".zip"],
    ["LICENCE", ""],
    ["a.b/c", ""],
  ])("%s → %s", (path, key) => expect(nameKey(path)).toBe(key));
});
