import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../test/support/repositories.ts";
import { createCache } from "../../adapters/sqlite/cache.ts";
import type { Cache } from "../../contracts/cache.ts";
import { defineEcosystem, type EcosystemDefinition } from "../../contracts/ecosystem.ts";
import cargo from "../../extensions/ecosystems/cargo.ts";
import npm from "../../extensions/ecosystems/npm.ts";
import { lockedVersion, type ManifestText, readManifests } from "./manifests.ts";

/** A manifest lists names, a lock file `name version`, each on a line. */
const toy = defineEcosystem({
  id: "toy",
  title: "Toy",
  isManifest: (path) => path.endsWith("toys"),
  parseManifest: ({ text }) => ({
    dependencies: text
      .split("\n")
      .map((name, index) => ({ name, requirement: "", scope: "runtime", line: index + 1 })),
  }),
  isLockFile: (path) => path.endsWith(".lock"),
  parseLockFile({ text }) {
    const versions = new Map<string, string[]>();
    for (const line of text.split("\n")) {
      const [name, version] = line.split(" ");
      versions.set(name!, [...(versions.get(name!) ?? []), version!]);
    }
    return versions;
  },
});

/** The toy ecosystem, and how often it was asked to read. */
function counted(): { ecosystem: EcosystemDefinition; calls: { manifests: number; locks: number } } {
  const calls = { manifests: 0, locks: 0 };
  const ecosystem: EcosystemDefinition = {
    ...toy,
    parseManifest(file) {
      calls.manifests++;
      return toy.parseManifest(file);
    },
    parseLockFile(file) {
      calls.locks++;
      return toy.parseLockFile(file);
    },
  };
  return { ecosystem, calls };
}

function memory(): Cache {
  return createCache({ path: join(temporaryFolder(), "cache"), maxBytes: 2 ** 20, now: Date.now });
}

const files = (texts: Readonly<Record<string, string>>): ManifestText[] =>
  Object.entries(texts).map(([path, text]) => ({ path, oid: Buffer.from(text).toString("hex"), text }));

function versions(texts: Readonly<Record<string, string>>, ecosystem: EcosystemDefinition = toy) {
  const { locks } = readManifests(files(texts), [ecosystem], memory(), true);
  return (manifest: string, name: string) =>
    lockedVersion(locks, ecosystem, manifest, { name, requirement: "" });
}

describe("the locked version", () => {
  test("comes from the nearest lock file that knows the name", () => {
    const version = versions({ "toy.lock": "car 1\ntop 1", "a/toy.lock": "car 2", "b/toy.lock": "car 3" });
    expect(version("toys", "car")).toBe("1");
    expect(version("a/toys", "car")).toBe("2");
    expect(version("a/deep/down/toys", "car")).toBe("2");
    expect(version("a/toys", "top")).toBe("1");
    expect(version("c/toys", "car")).toBe("1");
    expect(version("toys", "unknown")).toBeUndefined();
  });

  test("is none where a name is pinned at several versions, not even from further up", () => {
    const version = versions({ "toy.lock": "car 1", "a/toy.lock": "car 2\ncar 3" });
    expect(version("a/toys", "car")).toBeUndefined();
  });

  test("is sought in every lock file of a folder", () => {
    const version = versions({
      "a.lock": "car 1\nsame 5",
      "b.lock": "train 2\nsame 5\nother 1",
      "c.lock": "other 2",
    });
    expect(["car", "train", "same", "other"].map((name) => version("toys", name))).toEqual([
      "1",
      "2",
      "5",
      undefined,
    ]);
  });

  test("is found under the name as the lock file spells it", () => {
    const spelled = { ...toy, normaliseName: (name: string) => name.toLowerCase().replaceAll("_", "-") };
    const version = versions({ "toy.lock": "red-car 1" }, spelled);
    expect(version("toys", "Red_Car")).toBe("1");
  });

  test("of another ecosystem does not count", () => {
    const { locks } = readManifests(files({ "toy.lock": "car 1" }), [toy], memory(), true);
    expect(
      lockedVersion(locks, { ...toy, id: "other" }, "toys", { name: "car", requirement: "" }),
    ).toBeUndefined();
  });
});

describe("reading", () => {
  const texts = files({ toys: "car\ntrain", "a/toys": "car", "toy.lock": "car 1", "notes.txt": "car" });

  test("happens once per content and path; the second time gives the same", () => {
    const cache = memory();
    const { ecosystem, calls } = counted();
    const first = readManifests(texts, [ecosystem], cache, true);
    expect(calls).toEqual({ manifests: 2, locks: 1 });
    expect(readManifests(texts, [ecosystem], cache, true)).toEqual(first);
    expect(calls).toEqual({ manifests: 2, locks: 1 });
    readManifests(files({ toys: "car\nplane" }), [ecosystem], cache, true);
    expect(calls).toEqual({ manifests: 3, locks: 1 });
  });

  test("without the cache happens anew, and is kept", () => {
    const cache = memory();
    const { ecosystem, calls } = counted();
    readManifests(texts, [ecosystem], cache, false);
    readManifests(texts, [ecosystem], cache, false);
    expect(calls).toEqual({ manifests: 4, locks: 2 });
    readManifests(texts, [ecosystem], cache, true);
    expect(calls).toEqual({ manifests: 4, locks: 2 });
  });

  test("names the ecosystem and the path", () => {
    const { manifests } = readManifests(texts, [toy], memory(), true);
    expect(
      manifests.map((manifest) => [manifest.path, manifest.ecosystem, manifest.facts.dependencies?.length]),
    ).toEqual([
      ["toys", "toy", 2],
      ["a/toys", "toy", 1],
    ]);
  });
});

test("of several locked versions the one that the requirement means, where the ecosystem can tell", () => {
  const locks = new Map([["npm", new Map([["", new Map([["car", ["1.2.0", "1.4.1", "2.0.0"]]])]])]]);
  const version = (ecosystem: EcosystemDefinition, requirement: string): string | undefined =>
    lockedVersion(locks, { ...ecosystem, id: "npm" }, "package.json", { name: "car", requirement });
  expect(version(npm, "^1.2.0")).toBe("1.4.1");
  expect(version(npm, "2")).toBe("2.0.0");
  expect(version(npm, "^3")).toBeUndefined();
  expect(version(npm, "workspace:*")).toBeUndefined();
  expect(version(cargo, "1.2")).toBe("1.4.1");
  expect(version(toy, "^1.2.0")).toBeUndefined();
});
