import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { createSymbolReader } from "../../core/index/symbols.ts";
import { languages } from "./registry.generated.ts";

/**
 * Every language proves itself on `fixtures/<id>`: `source.<ext>.txt` gives exactly `expected.json`, and
 * `broken.<ext>.txt` still gives what `expected.json` lists under `broken`. The files end in .txt so that no tool
 * takes them for code of ours.
 */
interface Expected {
  /** `kind name line-endLine complexity`, the last for functions and methods only. */
  readonly symbols: readonly string[];
  /** `NAME line`. */
  readonly environment: readonly string[];
  /** Names that must be read from the broken file; more may be. */
  readonly broken: readonly string[];
}

const folder = join(import.meta.dirname, "fixtures");
const reader = createSymbolReader(languages);

function readFixture(id: string, name: string): string {
  const file = readdirSync(join(folder, id)).find((entry) => entry.startsWith(name));
  if (file === undefined) throw new Error(`fixtures/${id} has no file ${name}*`);
  return readFileSync(join(folder, id, file), "utf8");
}

it("sees the languages", () => {
  const files = readdirSync(import.meta.dirname).filter((name) => /^[\w-]+\.ts$/.test(name));
  expect(languages.map(({ id }) => id)).toEqual(files.map((name) => basename(name, ".ts")).sort());
  expect(languages.length).toBeGreaterThan(10);
});

it("reads every Linguist language with one definition only", () => {
  const names = languages.flatMap((definition) => definition.languages);
  expect(names).toEqual([...new Set(names)]);
});

describe.each(languages)("$id", ({ id, languages: names, environment }) => {
  const name = names[0] ?? "";
  const expected = JSON.parse(readFixture(id, "expected.json")) as Expected;

  it("reads symbols, complexity and environment", async () => {
    await reader.load(name);
    const reading = reader.read(name, readFixture(id, "source."));
    const symbols = reading.symbols.map(({ kind, name, line, endLine, complexity }) =>
      [kind, name, `${line}-${endLine}`, ...(complexity > 0 ? [complexity] : [])].join(" "),
    );
    expect(symbols).toEqual(expected.symbols);
    expect(reading.environment.map(({ name, line }) => `${name} ${line}`)).toEqual(expected.environment);
    expect(reading.problem).toBeUndefined();
  });

  it("reads what is left of a broken file", async () => {
    await reader.load(name);
    const found = reader.read(name, readFixture(id, "broken.")).symbols.map((symbol) => symbol.name);
    expect(expected.broken.length).toBeGreaterThan(0);
    expect(found).toEqual(expect.arrayContaining([...expected.broken]));
  });

  it("finds environment variables in a whole file at once", () => {
    for (const pattern of environment) expect(pattern.flags).toContain("g");
  });
});
