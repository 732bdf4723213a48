import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { errorTable } from "../src/base/errors.ts";
import { findCommand } from "../src/cli/arguments.ts";
import { environmentName, flagName, isSecret, settingKeys } from "../src/config/schema.ts";
import { commands } from "../src/features/registry.generated.ts";

/** What the documents say holds, because something fails here when it does not. */
const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const manifest = JSON.parse(read("package.json")) as Readonly<
  Record<"scripts" | "dependencies" | "devDependencies", Readonly<Record<string, string>>>
>;
const documents = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter(
    (path) =>
      path !== "" && !/(^|\/)(fixtures|snapshots|prompts)\//.test(path) && existsSync(join(root, path)),
  );
const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter(
  (path) => path.endsWith(".ts") && !path.endsWith(".test.ts") && !path.includes("fixtures"),
);

test("there are documents to check", () => {
  for (const name of [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "docs/adr/dependencies.md",
    "docs/reference/cli.md",
  ])
    expect(documents).toContain(name);
  expect(sources.length).toBeGreaterThan(60);
});

test("generated files are what their definitions give", () => {
  const check = spawnSync(process.execPath, ["tools/generate.ts", "--check"], {
    cwd: root,
    encoding: "utf8",
  });
  expect(check.stderr).toBe("");
  expect(check.status).toBe(0);
});

describe.each(documents)("%s", (document) => {
  const text = read(document);

  test("links to files and headings that exist", () => {
    const targets = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);
    const local = targets.filter((target) => !/^[a-z]+:/.test(target));
    expect(local.filter((target) => !leadsSomewhere(document, target))).toEqual([]);
  });

  test("names scripts that exist", () => {
    const named = [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(test)\b)/g)].map(
      (match) => match[1] ?? match[2]!,
    );
    expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
  });

  test("calls commands and options that exist", async () => {
    const wrong: string[] = [];
    for (const call of callsIn(text)) {
      const found = findCommand(call, commands);
      if (!found) {
        if (isGroup(call)) continue;
        wrong.push(call.join(" "));
        continue;
      }
      const { options } = (await found.entry.load()).default;
      const known = new Set([
        "help",
        ...Object.keys(options),
        ...settingKeys.filter((key) => !isSecret(key)).map(flagName),
      ]);
      for (const word of found.rest)
        if (word.startsWith("--") && !known.has(word.slice(2).split("=")[0]!))
          wrong.push(`${call.join(" ")}: ${word}`);
    }
    expect(wrong).toEqual([]);
  });
});

/** `repowright jobs`, `repowright jobs …`: all commands that begin so. */
function isGroup([first, second, ...rest]: readonly string[]): boolean {
  return (
    commands.some((command) => command.name.startsWith(`${first} `)) &&
    (second === undefined || second === "…") &&
    rest.length === 0
  );
}

function withoutCode(text: string): string {
  return text.replace(/```[^]*?```/g, "").replace(/`[^`\n]*`/g, "");
}

function leadsSomewhere(document: string, target: string): boolean {
  const [path, anchor] = target.split("#");
  const file = path === "" ? document : join(dirname(document), decodeURIComponent(path!));
  if (!existsSync(join(root, file))) return false;
  if (anchor === undefined) return true;
  const headings = [...read(file).matchAll(/^#+ +(.+)$/gm)].map((match) => slug(match[1]!));
  return headings.includes(anchor);
}

/** The anchor that GitHub gives a heading. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(" ", "-");
}

/** The words of each `repowright …` in code, up to what a shell would take for itself. */
function callsIn(text: string): string[][] {
  const code = [...text.matchAll(/```[^\n]*\n([^]*?)```|`([^`\n]+)`/g)].map((match) => match[1] ?? match[2]!);
  return code
    .flatMap((part) => part.split("\n"))
    .flatMap((line) =>
      [...line.matchAll(/(?:^|\s|&& )(?:npx )?repowright (?!:)([^|>#&;]+)/g)].map((match) => match[1]!),
    )
    .map((call) => call.trim().split(/\s+/))
    .filter((words) => /^[a-z]/.test(words[0]!));
}

test("the calls of the README are seen", () => {
  expect(callsIn(read("README.md")).length).toBeGreaterThan(7);
  expect(callsIn("`npx repowright analyze --json | jq`")).toEqual([["analyze", "--json"]]);
});

test("the README's test command is what CI runs", () => {
  expect(read("README.md")).toContain("npm test");
  expect(read(".ci/run")).toContain("npm test");
});

test("every setting is in the reference, with its names", () => {
  const reference = read("docs/reference/config.md");
  for (const key of settingKeys) {
    const row = reference.split("\n").find((line) => line.startsWith(`| \`${key}\` |`));
    expect(row, key).toContain(`\`${environmentName(key)}\``);
    expect(row?.includes(`\`--${flagName(key)}\``), key).toBe(!isSecret(key));
  }
});

describe("dependencies", () => {
  const page = read("docs/adr/dependencies.md");
  const rows = page.split("\n").filter((line) => line.startsWith("| `"));
  const named = rows.flatMap((row) =>
    [...row.split("|")[1]!.matchAll(/`([^`]+)`/g)].map((match) => match[1]!),
  );

  test("each one that runs has a line that says what it saves us", () => {
    expect(Object.keys(manifest.dependencies).filter((name) => !named.includes(name))).toEqual([]);
    for (const row of rows) expect(row.split("|")[2]!.trim().length).toBeGreaterThan(20);
  });

  test("each line is about one that is there", () => {
    expect(named.filter((name) => !(name in manifest.dependencies))).toEqual([]);
  });

  test("each one for building is named", () => {
    const silent = Object.keys(manifest.devDependencies).filter(
      (name) => !name.startsWith("@types/") && !page.includes(`\`${name}\``),
    );
    expect(silent).toEqual([]);
  });
});

describe("error codes", () => {
  const table = Object.keys(errorTable);
  const texts = sources
    .filter((path) => path !== join("base", "errors.ts"))
    .map((path) => read(join("src", path)));

  test("that are used are in the table", () => {
    const used = texts.flatMap((text) =>
      [...text.matchAll(/new AppError\(\s*"([^"]+)"/g)].map((match) => match[1]!),
    );
    expect(used.length).toBeGreaterThan(20);
    expect(used.filter((code) => !table.includes(code))).toEqual([]);
  });

  test("of the table are used", () => {
    const all = texts.join("\n");
    expect(table.filter((code) => code !== "internal" && !all.includes(`"${code}"`))).toEqual([]);
  });

  test("are documented", () => {
    const page = read("docs/reference/errors.md");
    expect(table.filter((code) => !page.includes(`| \`${code}\` |`))).toEqual([]);
  });
});

test("ARCHITECTURE.md names every folder of src, and none that is gone", () => {
  const text = read("ARCHITECTURE.md");
  const folders = (path: string): string[] =>
    readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [`${path}/${entry.name}`] : [],
    );
  const top = folders("src");
  expect(top.length).toBeGreaterThan(7);
  expect(top.filter((path) => !text.includes(`\`${path}/`))).toEqual([]);
  const inside = top.filter((path) => path !== "src/cli").flatMap(folders);
  expect(inside.filter((path) => !new RegExp(`\\b${path.split("/").at(-1)!}\\b`).test(text))).toEqual([]);
  const named = [...text.matchAll(/`(src\/[\w/.-]+)`/g)].map((match) => match[1]!);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("every guarantee names tests that exist", () => {
  const text = read("docs/guide/guarantees.md");
  const proofs = [...text.matchAll(/\]\((\.\.\/\.\.\/[^)]+)\)((?::? ?"[^"]+",?)*)/g)].map((match) => ({
    path: join(root, "docs/guide", match[1]!),
    titles: [...match[2]!.matchAll(/"([^"]+)"/g)].map((title) => title[1]!),
  }));
  expect(proofs.length).toBeGreaterThan(15);
  expect(proofs.flatMap((proof) => proof.titles).length).toBeGreaterThan(15);
  const wrong = proofs.flatMap(({ path, titles }) =>
    existsSync(path) ? titles.filter((title) => !readFileSync(path, "utf8").includes(title)) : [path],
  );
  expect(wrong).toEqual([]);
});
