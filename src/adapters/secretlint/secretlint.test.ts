import { expect, test } from "vitest";
import { changeFromExample } from "../../../test/support/change-example.ts";
import { createSecretlint } from "./secretlint.ts";

const { signal } = new AbortController();
// Put together here, so that no scanner takes this file for a leak.
const token = ["ghp", "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"].join("_");
const url = "https://u:vK7qT2mZ9x@git.kronberg.io/";

test("finds secrets in added lines of code and data, and never says them", async () => {
  const secretlint = createSecretlint();
  const old = `a\nconst old = "${token}";\n`;
  const { files } = changeFromExample({
    "src/a.ts": [old, `${old}\n// ü\nconst x = "${token}";\n`],
    "config.yaml": `url: ${url}\nother: ghp_${"x".repeat(36)}\n`,
    "docs/readme.md": `${token}\n`,
    "test/a.test.ts": `"${token}"\n`,
    "long.json": `["${token}", "${"a".repeat(30_000)}"]\n`,
    "gone.ts": [token, null],
  });
  const found = await secretlint.check(
    files.filter((file) => secretlint.accepts(file)),
    signal,
  );
  expect(found.map(({ path, line, endLine, rule }) => `${path}:${line}-${endLine} ${rule}`)).toEqual([
    "src/a.ts:5-5 secretlint/github",
  ]);
  expect(JSON.stringify(found)).not.toContain(token.slice(0, 12));
  await expect(secretlint.check(files, AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" });
});
