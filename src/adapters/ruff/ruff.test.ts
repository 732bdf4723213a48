import { expect, test } from "vitest";
import { changeFromExample } from "../../../test/support/change-example.ts";
import { createRuff } from "./ruff.ts";
import { chosenRules } from "./rules.ts";

const { signal } = new AbortController();
const filesOf = (example: Readonly<Record<string, string>>) => changeFromExample(example).files;
const say = ({
  path,
  line,
  rule,
  severity,
}: {
  path: string;
  line: number;
  rule: string;
  severity: string;
}): string => `${path}:${line} ${rule} ${severity}`;

test("finds bugs and holes on their lines, and goes on after what breaks it", async () => {
  const ruff = createRuff();
  const files = filesOf({
    "a.py": "# ü 😀\nprint(undefined_name)\nraise 'text'\n",
    "broken.py": "def f(:\n",
    // Deep without brackets: the stack ends inside the program.
    "deep.py": `x = ${"not ".repeat(100_000)}1\n`,
    "nested.py": "(".repeat(200_000),
    "nul.py": "x = 1\u0000\n",
    "b.py": "import tempfile\npath = tempfile.mktemp()\nx = '%s %s' % (1,)\n",
    "tests/test_c.py": "print(other_name)\nx = '%d' % ('a', 'b')\n",
    "quiet.py": "def add(a, b):\n    return a + b\n",
    "no.js": "raise 'x'\n",
  }).filter((file) => ruff.accepts(file));
  const found = await ruff.check(files, signal);
  expect(found.map(say).sort()).toEqual([
    "a.py:2 ruff/F821 warning",
    "a.py:3 ruff/B016 error",
    "b.py:2 ruff/S306 warning",
    "b.py:3 ruff/F507 error",
    "tests/test_c.py:1 ruff/F821 info",
    "tests/test_c.py:2 ruff/F507 error",
    "tests/test_c.py:2 ruff/PLE1307 error",
  ]);
  for (const { message, why } of found) expect(`${message} ${why}`).toMatch(/^\S.+\S$/);
});

test("says when it breaks down on everything, and stops when it is told to", async () => {
  const deep = filesOf({ "deep.py": `x = ${"not ".repeat(100_000)}1\n` });
  await expect(createRuff().check(deep, signal)).rejects.toMatchObject({ code: "linter-failed" });
  await expect(createRuff().check(deep, AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" });
  expect(chosenRules.size).toBeGreaterThan(100);
});
