import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isAppError } from "../../../base/errors.ts";
import { readExactParts } from "./exact.ts";
import { parseQuery } from "./query.ts";

const places = (query: string): readonly string[] =>
  readExactParts(query).places.map(({ path, line }) => `${path}:${line}`);

describe("lines that a stack trace names", () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ["Python", '  File "/app/src/my app/views.py", line 12, in get', ["/app/src/my app/views.py:12"]],
    [
      "Node",
      "    at Server.listen (/app/src/server.js:10:5)\n    at file:///app/x.mjs:3:1",
      ["/app/src/server.js:10", "///app/x.mjs:3"],
    ],
    ["Java", "\tat org.example.Gson.fromJson(Gson.java:932) ~[gson.jar:2.8]", ["Gson.java:932"]],
    ["Kotlin", "at app.MainKt.main(Main.kt:7)", ["Main.kt:7"]],
    ["Go", "main.run(0x1)\n\t/src/cmd/main.go:42 +0x1d", ["/src/cmd/main.go:42"]],
    ["Rust", "thread 'main' panicked at src/main.rs:10:5:\nboom", ["src/main.rs:10"]],
    ["Rust compiler", "  --> crates/core/flags/parse.rs:88:13", ["crates/core/flags/parse.rs:88"]],
    [
      "C#",
      String.raw`   at App.Run() in C:\app\src\Program.cs:line 21`,
      [String.raw`/app/src/Program.cs:21`],
    ],
    ["Ruby", "\tfrom /app/lib/site.rb:33:in 'Site#read'", ["/app/lib/site.rb:33"]],
    ["a compiler", "src/net.c:120:9: error: use of undeclared identifier", ["src/net.c:120"]],
    ["Elixir", "    (app 0.1.0) lib/app/web.ex:5: App.Web.call/2", ["lib/app/web.ex:5"]],
    ["none", "at 12:30 the ratio 3:4 of version 1.2.3", []],
  ];
  test.each(cases)("%s", (_, text, found) => {
    expect(places(text)).toEqual(found);
  });

  test("of a long trace the first twenty", () => {
    const trace = Array.from({ length: 50 }, (_, at) => `at f (a.js:${at + 1}:1)`).join("\n");
    expect(places(trace)).toHaveLength(20);
  });
});

describe("texts that are meant as they stand", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['where is "max body size" read', ["max body size"]],
    ["where is `x` and `max_body` read", ["max_body"]],
    ["who says 'not so fast' here", ["not so fast"]],
    ["the user's and the server's name", []],
    ['"" \'\' `` "a"', []],
    ['"=> {"', ["=> {"]],
    ['"open', []],
    ['"a\nb"', []],
    ['"one" "two" "three" "four" "five"', ["one", "two", "three", "four"]],
    [
      "Error: Cannot read the configuration file '/etc/app.conf': permission denied for user 12",
      ["Cannot read the configuration file", "permission denied for user"],
    ],
    [
      "can't find the requested module 'left-pad' because it doesn't exist here",
      ["can't find the requested module", "because it doesn't exist here"],
    ],
    ["panic: runtime error: index out of range [5] with length 3", ["index out of range"]],
    ["fix: error message when the file is missing and cannot be opened", []],
    ["where is the error raised when a file cannot be opened?", []],
  ];
  test.each(cases)("%j", (query, literals) => {
    expect(readExactParts(query, !parseQuery(query).isChange).literals).toEqual(literals);
  });
});

describe("names", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["how does parseConfig work", ["parseConfig"]],
    ["where is MAX_SIZE used", ["MAX_SIZE"]],
    ["what calls Server::new and a->next_frame", ["new", "next_frame"]],
    ["the Site#read method", ["read"]],
    ["explain XMLHttpRequest and utf8", ["XMLHttpRequest", "utf8"]],
    ["die Größe der имяФайла", ["имяФайла"]],
    ["how is it done", []],
    ["where is `route` set", ["route"]],
  ];
  test.each(cases)("%j", (query, identifiers) => {
    expect(readExactParts(query).identifiers).toEqual(identifiers);
  });
});

describe("expressions", () => {
  test.each([
    ["/a+b/", "a+b", false],
    ["/catch\\s*\\{/i", "catch\\s*\\{", true],
    [" /(a+)+$/ ", "(a+)+$", false],
    ["/todo/i", "todo", true],
    ["/a\\/b/", "a\\/b", false],
  ])("%j", (query, source, ignoresCase) => {
    expect(readExactParts(query).expression).toEqual({ source, ignoresCase });
  });

  test.each(["/etc/nginx/", "/etc/nginx.d/", "/usr/", "//", "/", "/a", "a/b+c/", "/x+/g"])(
    "none in %j",
    (query) => {
      expect(readExactParts(query).expression).toBeNull();
    },
  );

  test("that are too long are refused", () => {
    expect(() => readExactParts(`/${"a+".repeat(251)}/`)).toThrow(/500 characters; this one has 502/);
  });
});

test("any query is taken apart, or refused with words", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc
      .array(
        fc.constantFrom(
          ..."/ \\ ` ' \" a B _ . : 12 error cannot ( ) + ? \n # -> :: ä 名 file, \0".split(" "),
          " ",
        ),
        {
          maxLength: 60,
        },
      )
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, (query) => {
      try {
        const { literals, places: lines, identifiers } = readExactParts(query);
        expect(literals.every((literal) => query.includes(literal))).toBe(true);
        expect(identifiers.every((name) => query.includes(name))).toBe(true);
        expect(lines.every(({ line }) => Number.isSafeInteger(line))).toBe(true);
        for (const { weight } of parseQuery(query).terms) expect(weight).toBeGreaterThan(0);
      } catch (error) {
        if (!isAppError(error, "usage")) throw error;
      }
    }),
    { numRuns: 1_000 },
  );
});
