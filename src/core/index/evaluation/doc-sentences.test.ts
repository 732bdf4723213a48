import { expect, test } from "vitest";
import { readDocSentence } from "./doc-sentences.ts";

function read(text: string, line: number, name: string, startLine = 1): string | null {
  const lines = text.split("\n");
  const isPython = /^\s*(async )?def /m.test(text);
  return readDocSentence(lines, { startLine, line, endLine: lines.length, name }, isPython);
}

test.each([
  ["// Reads one frame from the wire. It may block.\nfunc Read() {}", 2, "Reads one frame from the wire"],
  ["// Read reads one frame\n// from the wire\nfunc Read() {}", 3, "reads one frame from the wire"],
  [
    "/**\n * Reads one frame\n * from {@link Wire wires}.\n *\n * @param x y\n */\nfunction Read() {}",
    7,
    "Reads one frame from Wire wires",
  ],
  ["/// Reads one frame\n#[inline]\nfn Read() {}", 3, null],
  ["#[inline]\n/// Reads one frame at once\nfn Read() {}", 3, "Reads one frame at once"],
  [
    "/// <summary>\n/// Reads one frame at once.\n/// </summary>\nvoid Read() {}",
    4,
    "Reads one frame at once",
  ],
  ["# Reads one frame at once\ndef_of :x", 2, "Reads one frame at once"],
  ["// eslint-disable-next-line some other rules here\nfunction Read() {}", 2, null],
])("of %j", (text, line, expected) => {
  expect(read(text, line, "Read")).toBe(expected);
});

test("a Python function says it below its head", () => {
  const text = [
    "# Not this comment above it",
    "def read(",
    "    self,",
    ") -> dict:  # noqa",
    '    r"""Reads one frame',
    "    from the wire.",
    "",
    '    More."""',
    "    return {}",
  ].join("\n");
  expect(read(text, 2, "read")).toBe("Reads one frame from the wire");
  expect(read('def read(self):\n    """Too short."""\n', 1, "read")).toBeNull();
  expect(read('def read(self):\n    return """this is a long text"""\n', 1, "read")).toBeNull();
});
