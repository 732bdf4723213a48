import * as fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { EcosystemDefinition, ManifestFacts } from "../../contracts/ecosystem.ts";
import { ecosystems } from "./registry.generated.ts";

const here = new URL("./", import.meta.url);

interface Fixture {
  readonly owner: string;
  readonly path: string;
  readonly text: string;
}

const fixtures: readonly Fixture[] = ecosystems.flatMap(({ id }) => {
  const folder = fileURLToPath(new URL(`fixtures/${id}/`, here));
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "expected.json")
    .map((entry) => {
      const path = relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/");
      return { owner: id, path, text: readFileSync(join(folder, path), "utf8") };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
});

/** What an ecosystem makes of a file, in the form of `expected.json`. */
function read(ecosystem: EcosystemDefinition, { path, text }: Pick<Fixture, "path" | "text">): unknown {
  return ecosystem.isLockFile(path)
    ? Object.fromEntries(ecosystem.parseLockFile({ path, text }))
    : ecosystem.parseManifest({ path, text });
}

function claims(ecosystem: EcosystemDefinition, path: string): boolean {
  return ecosystem.isManifest(path) || ecosystem.isLockFile(path);
}

/** Every line a manifest reports, with a word that must stand there. */
function locations(facts: ManifestFacts): readonly { readonly word: string; readonly line: number }[] {
  return [
    ...(facts.dependencies ?? []).map(({ name, line }) => ({
      word: name.split(/[:.]/).at(-1) ?? name,
      line,
    })),
    ...(facts.scripts ?? []).map(({ name, line }) => ({ word: name, line })),
  ];
}

test("there are members and each is named like its file", () => {
  const files = readdirSync(here).filter((name) => /^[a-z]+\.ts$/.test(name));
  expect(files.length).toBeGreaterThan(10);
  expect(ecosystems.map(({ id }) => `${id}.ts`).sort()).toEqual(files.sort());
});

test.each(ecosystems)("$id: fixtures are read as expected", (ecosystem) => {
  const own = fixtures.filter(({ owner }) => owner === ecosystem.id);
  const expected: unknown = JSON.parse(
    readFileSync(new URL(`fixtures/${ecosystem.id}/expected.json`, here), "utf8"),
  );
  const actual = Object.fromEntries(own.map((fixture) => [fixture.path, read(ecosystem, fixture)]));
  expect(JSON.parse(JSON.stringify(actual))).toEqual(expected);
  expect(own.some(({ path }) => ecosystem.isManifest(path))).toBe(true);
});

test.each(ecosystems)("$id: lines name what stands there", (ecosystem) => {
  let seen = 0;
  for (const fixture of fixtures.filter(
    ({ owner, path }) => owner === ecosystem.id && ecosystem.isManifest(path),
  )) {
    const lines = fixture.text.split("\n");
    for (const { word, line } of locations(ecosystem.parseManifest(fixture))) {
      expect(`${fixture.path}:${line}: ${lines[line - 1]}`.toLowerCase()).toContain(word.toLowerCase());
      seen += 1;
    }
  }
  expect(seen).toBeGreaterThan(0);
});

test.each(ecosystems)("$id: claims its own fixtures and no others", (ecosystem) => {
  const claimed = fixtures
    .filter(({ path }) => claims(ecosystem, path))
    .map(({ owner, path }) => `${owner}/${path}`);
  const own = fixtures
    .filter(({ owner }) => owner === ecosystem.id)
    .map(({ owner, path }) => `${owner}/${path}`);
  expect(claimed).toEqual(own);
});

describe("broken input", () => {
  const binary = Buffer.from([0, 255, 1, 254, 10, 0, 127, 91, 123]).toString("utf8").repeat(50);

  test.each(fixtures)("$owner/$path truncated, binary, empty or deep", ({ owner, path, text }) => {
    const ecosystem = ecosystems.find(({ id }) => id === owner);
    if (ecosystem === undefined) throw new Error(`No ecosystem ${owner}`);
    const deep = ["[", "{", '{"a":', "<a>", "("].map((unit) => unit.repeat(20_000));
    for (const broken of ["", binary, `${text}\u0000`, text.replaceAll("\n", "\r\n"), ...deep])
      expect(() => read(ecosystem, { path, text: broken })).not.toThrow();
    for (let length = 0; length < text.length; length += 1 + Math.floor(text.length / 60))
      expect(() => read(ecosystem, { path, text: text.slice(0, length) })).not.toThrow();
  });

  test.each(ecosystems)("$id never throws and keeps lines inside the file", (ecosystem) => {
    const own = fixtures.filter(({ owner }) => owner === ecosystem.id);
    const mutated = fc
      .tuple(fc.constantFrom(...own), fc.nat(), fc.nat(20), fc.string({ unit: "binary", maxLength: 12 }))
      .map(([{ path, text }, at, length, insert]) => {
        const start = at % (text.length + 1);
        return { path, text: text.slice(0, start) + insert + text.slice(start + length) };
      });
    fc.assert(
      fc.property(mutated, ({ path, text }) => {
        const result = read(ecosystem, { path, text });
        if (ecosystem.isLockFile(path)) return;
        const count = text.split("\n").length;
        for (const { line } of locations(result as ManifestFacts))
          expect(line >= 1 && line <= count).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test.each(["npm/package.json", "cargo/Cargo.toml", "maven/pom.xml", "pub/pubspec.yaml"])(
    "%s cut in the middle says so and keeps what was read",
    (name) => {
      const fixture = fixtures.find(({ owner, path }) => `${owner}/${path}` === name);
      const ecosystem = ecosystems.find(({ id }) => id === fixture?.owner);
      if (fixture === undefined || ecosystem === undefined) throw new Error(`No fixture ${name}`);
      const text = fixture.text.slice(0, Math.floor(fixture.text.length * 0.6)).replace(/\s*$/, '\n<{"[');
      const facts = ecosystem.parseManifest({ path: fixture.path, text });
      expect(facts.problems?.[0]?.message).toMatch(/^Not valid (JSON|TOML|XML|YAML): /);
      expect(facts.packageName).toBeDefined();
    },
  );
});
