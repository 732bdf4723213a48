import type { Analysis } from "../../contracts/analysis.ts";
import type { Cache } from "../../contracts/cache.ts";
import type { EcosystemDefinition } from "../../contracts/ecosystem.ts";
import type { Warning } from "../../contracts/repository.ts";
import { detectStack } from "../repository/stack/detect-stack.ts";
import { isForeignPath } from "../repository/stack/minor-paths.ts";
import { wantsStackText } from "../repository/stack/text-evidence.ts";
import { describeStructure, wantsStructureText } from "../repository/structure/describe-structure.ts";
import type { FileTraits } from "./languages.ts";
import { lockedVersion, readManifests } from "./manifests.ts";

const maxDependencies = 20_000;

/** Whether the text of a file says something about stack, dependencies or structure. */
export function wantsText(ecosystems: readonly EcosystemDefinition[], path: string): boolean {
  return (
    ecosystems.some((ecosystem) => ecosystem.isManifest(path) || ecosystem.isLockFile(path)) ||
    wantsStackText(path) ||
    wantsStructureText(path)
  );
}

export interface DescribedStack {
  readonly stack: Analysis["stack"];
  readonly dependencies: Analysis["dependencies"];
  /** Without the environment variables, which come with the symbols. */
  readonly structure: Analysis["structure"];
  readonly warnings: readonly Warning[];
}

/** Stack, dependencies and structure from the tree, the manifests and a few small files. */
export function describeStack(
  ecosystems: readonly EcosystemDefinition[],
  cache: Cache,
  texts: ReadonlyMap<string, string>,
  files: readonly FileTraits[],
  useCache: boolean,
): DescribedStack {
  // Other people's code and data for tests say nothing about this repository.
  const strange = new Set(
    files.filter((file) => file.vendored || isForeignPath(file.entry.path)).map((file) => file.entry.path),
  );
  const own = files.flatMap(({ entry }) => {
    const text = strange.has(entry.path) ? undefined : texts.get(entry.path);
    return text === undefined ? [] : [{ path: entry.path, oid: entry.oid, text }];
  });
  const { manifests, locks } = readManifests(own, ecosystems, cache, useCache);
  const ecosystemById = new Map(ecosystems.map((ecosystem) => [ecosystem.id, ecosystem]));
  const versionOf = (
    manifest: { readonly path: string; readonly ecosystem: string },
    dependency: { readonly name: string; readonly requirement: string },
  ): string | undefined =>
    lockedVersion(locks, ecosystemById.get(manifest.ecosystem)!, manifest.path, dependency);

  const stack = detectStack({
    paths: files.map((file) => file.entry.path),
    manifests,
    texts,
    isMinor: (path) => strange.has(path),
    lockedVersion: (manifest, dependency) => versionOf(manifest, dependency),
  });
  const dependencies = manifests.flatMap((manifest) =>
    (manifest.facts.dependencies ?? []).map(({ name, requirement, scope, line, shared, indirect }) => {
      const version = versionOf(manifest, { name, requirement });
      return {
        ecosystem: manifest.ecosystem,
        name,
        requirement,
        ...(version === undefined ? {} : { version }),
        scope,
        manifest: manifest.path,
        line,
        ...(shared ? { shared } : {}),
        ...(indirect ? { indirect } : {}),
      };
    }),
  );
  const structure = describeStructure({ entries: files.map((file) => file.entry), manifests, texts });
  const problems = manifests.flatMap((manifest) =>
    (manifest.facts.problems ?? []).map((problem) => ({
      code: "manifest-unreadable",
      message: `${problem.message}${problem.line === undefined ? "" : ` (line ${problem.line})`}; what could be read of it is in the report.`,
      path: manifest.path,
    })),
  );
  const tooMany =
    dependencies.length > maxDependencies
      ? [
          {
            code: "too-many-dependencies",
            message: `${dependencies.length} dependencies; the first ${maxDependencies} are listed.`,
          },
        ]
      : [];
  return {
    stack,
    dependencies: dependencies.slice(0, maxDependencies),
    structure: { ...structure, environment: [] },
    warnings: [...problems, ...tooMany],
  };
}
