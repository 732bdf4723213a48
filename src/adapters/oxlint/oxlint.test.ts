import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { changeFromExample } from "../../../test/support/change-example.ts";
import { createProcesses } from "../exec/processes.ts";
import { createOxlint } from "./oxlint.ts";
import { chosenRules } from "./rules.ts";

const processes = createProcesses();
const folder = join(mkdtempSync(join(tmpdir(), "repowright-test-")), "temporary");
afterAll(() => {
  processes.killAll();
  rmSync(join(folder, ".."), { recursive: true, force: true });
});
const options = { processes, node: process.execPath, timeoutMs: 30_000, folder };
const { signal } = new AbortController();
const filesOf = (example: Readonly<Record<string, string>>) => changeFromExample(example).files;
const leftovers = (): string[] => (existsSync(folder) ? readdirSync(folder) : []);

test("finds bugs on their lines, whatever the files are called and hold", async () => {
  const oxlint = createOxlint(options);
  const before = leftovers();
  const files = filesOf({
    "src/é '\";$(x) ../a.ts": "// ü 😀\nconst a = 1;\na = 2;\n",
    "src/b.tsx": "export const l = (xs: string[]) => xs.map((x) => <li>{x}</li>);\nif (l === NaN) l;\n",
    "src/broken.js": "const = ;",
    "src/nul.js": "const x = { k: 1,\u0000 k: 2 };",
    "src/long.ts": `export const x = "${"a".repeat(1_100_000)}";`,
    "test/c.test.js": "const o = { k: 1, k: 2 };\ntypeof o === 'strnig';\n",
    "x.py": "a = 1\n",
  }).filter((file) => oxlint.accepts(file));
  expect(files.map(({ path }) => path)).not.toContain("src/long.ts");
  const found = await oxlint.check(files, signal);
  expect(found.map(({ path, line, rule, severity }) => `${path}:${line} ${rule} ${severity}`).sort()).toEqual(
    [
      "src/b.tsx:1 oxlint/jsx-key warning",
      "src/b.tsx:2 oxlint/use-isnan error",
      "src/é '\";$(x) ../a.ts:3 oxlint/no-const-assign error",
      "test/c.test.js:1 oxlint/no-dupe-keys info",
      "test/c.test.js:2 oxlint/valid-typeof error",
    ],
  );
  for (const { why, message } of found) expect(`${message} ${why}`).toMatch(/^\S.+\S$/);
  expect(leftovers()).toEqual(before);
});

test("what is called as React's hooks are is one only where React is", async () => {
  const oxlint = createOxlint(options);
  const body = "export function load() {\n  return useStorage('a');\n}\n";
  const list = "export const l = (xs) => xs.map((x) => <li>{x}</li>);\n";
  const found = await oxlint.check(
    filesOf({
      "src/vue.ts": `import { useStorage } from '@vueuse/core'\n${body}`,
      "src/own.ts": body,
      "src/react.ts": `import { useState } from 'react';\n${body}`,
      "src/preact.ts": `import { useState } from "preact/hooks";\n${body}`,
      "src/solid.jsx": `import { render } from "solid-js/web";\n${list}`,
      "src/list.jsx": list,
    }),
    signal,
  );
  expect(found.map(({ path, rule }) => `${path} ${rule}`).toSorted()).toEqual([
    "src/list.jsx oxlint/jsx-key",
    "src/preact.ts oxlint/rules-of-hooks",
    "src/react.ts oxlint/rules-of-hooks",
  ]);
});

test("every chosen rule exists, and none of the repository's own settings count", async () => {
  const printed = processes.start({
    program: options.node,
    args: ["node_modules/oxlint/bin/oxlint", "--rules", "--format", "json"],
    environment: {},
    timeoutMs: 30_000,
  });
  const text = (await printed.stdout.toArray()).join("");
  const known = new Set(
    (JSON.parse(text) as { scope: string; value: string; type_aware: boolean }[])
      .filter((rule) => !rule.type_aware)
      .map(({ scope, value }) => `${scope}/${value}`),
  );
  expect(new Set([...chosenRules.keys()].map((name) => name.replace(/.*\//, ""))).size).toBe(
    chosenRules.size,
  );
  expect([...chosenRules.keys()].filter((name) => !known.has(name))).toEqual([]);
});

test("a program that cannot run, takes too long or is not wanted any more says so", async () => {
  const files = filesOf({ "a.js": "a\n", "b.js": "b\n" });
  await expect(
    createOxlint({ ...options, node: "/nowhere/node" }).check(files, signal),
  ).rejects.toMatchObject({
    code: "linter-failed",
  });
  await expect(createOxlint({ ...options, timeoutMs: 1 }).check(files, signal)).rejects.toMatchObject({
    code: "time-limit",
  });
  await expect(createOxlint({ ...options, node: "/bin/echo" }).check(files, signal)).rejects.toMatchObject({
    code: "linter-failed",
  });
  const given = new AbortController();
  const running = createOxlint(options).check(files, given.signal);
  given.abort();
  await expect(running).rejects.toMatchObject({ code: "cancelled" });
  expect(await createOxlint(options).check([], signal)).toEqual([]);
});

test("what a killed process left is removed, what another one is using is not", async () => {
  for (const name of ["oxlint-old", "oxlint-new"]) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, "f0.ts"), "1");
  }
  utimesSync(join(folder, "oxlint-old"), 1, 1);
  await createOxlint(options).check(filesOf({ "a.js": "let a = 1;\n" }), signal);
  expect(leftovers()).toEqual(["oxlint-new"]);
});
