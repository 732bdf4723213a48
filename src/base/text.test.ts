import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeName, formatBytes, formatCount, printable, printableLine } from "./text.ts";

describe("printable", () => {
  test.each([
    ["plain text stays", "plain text stays"],
    ["tab\tand\nnewline stay", "tab\tand\nnewline stay"],
    ["\u001b[31mred\u001b[0m", String.raw`\x1b[31mred\x1b[0m`],
    ["\u009b31mred", String.raw`\x9b31mred`],
    ["over\rwritten", String.raw`over\x0dwritten`],
    ["\u0000\u0007\u007f", String.raw`\x00\x07\x7f`],
    ["user\u202etxt.exe", String.raw`user\u202etxt.exe`],
    ["\u2066isolated\u2069", String.raw`\u2066isolated\u2069`],
    ["Zoë 漢字 👩‍👧", "Zoë 漢字 👩‍👧"],
  ])("%j", (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  test("a line has no newline and no tab", () => {
    expect(printableLine("a\nb\tc")).toBe(String.raw`a\nb\tc`);
  });

  test("nothing that a terminal obeys is left, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(printableLine(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });
});

describe("decodeName", () => {
  test("UTF-8 is decoded", () => {
    expect(decodeName(Buffer.from("Zoë/漢字"))).toEqual({ text: "Zoë/漢字", exact: true });
  });

  test("other bytes are shown one by one", () => {
    expect(decodeName(Buffer.from("caf\xe9/\xff", "latin1"))).toEqual({
      text: String.raw`caf\xe9/\xff`,
      exact: false,
    });
  });

  test("a byte order mark belongs to the name: two files may differ by nothing else", () => {
    expect(decodeName(Buffer.from("\ufeffa"))).toEqual({ text: "\ufeffa", exact: true });
  });

  test("every text that can be encoded comes back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(decodeName(Buffer.from(text)).text).toBe(text);
      }),
    );
  });
});

test.each([
  [0, "0"],
  [999, "999"],
  [1000, "1,000"],
  [1_234_567, "1,234,567"],
  [-1234, "-1,234"],
  [1.6, "2"],
])("formatCount(%d) is %s", (value, text) => {
  expect(formatCount(value)).toBe(text);
});

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KB"],
  [1536, "1.5 KB"],
  [99.97 * 1024, "100 KB"],
  [120 * 2 ** 20, "120 MB"],
  [2 ** 20 - 1, "1.0 MB"],
  [2 ** 30, "1.0 GB"],
  [2 ** 50, "1024 TB"],
])("formatBytes(%d) is %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
