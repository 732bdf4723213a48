import type { Cache } from "../../contracts/cache.ts";
import type {
  DeclaredDependency,
  EcosystemDefinition,
  LockedVersions,
  ManifestFacts,
} from "../../contracts/ecosystem.ts";
import type { ReadManifest } from "../repository/stack/stack-input.ts";

/** Raise when an ecosystem reads more or other things than before. */
const manifestVersion = "manifest/1";
const lockVersion = "lock/1";

export interface ManifestText {
  readonly path: string;
  readonly oid: string;
  readonly text: string;
}

export interface ReadManifests {
  readonly manifests: readonly ReadManifest[];
  /** Lock files by ecosystem and folder (`""` is the top). */
  readonly locks: ReadonlyMap<string, ReadonlyMap<string, LockedVersions>>;
}

/** Reads every manifest and lock file, each content once: the facts are kept by blob. */
export function readManifests(
  files: readonly ManifestText[],
  ecosystems: readonly EcosystemDefinition[],
  cache: Cache,
  useCache: boolean,
): ReadManifests {
  const manifests: ReadManifest[] = [];
  const locks = new Map<string, Map<string, LockedVersions>>();
  const fresh = {
    [manifestVersion]: [] as [string, Uint8Array][],
    [lockVersion]: [] as [string, Uint8Array][],
  };

  /** The path is part of the key because some ecosystems read it: `requirements-dev.txt`. */
  function kept<Facts>(
    space: keyof typeof fresh,
    ecosystem: EcosystemDefinition,
    file: ManifestText,
    read: () => Facts,
  ): Facts {
    const key = `${file.oid}:${ecosystem.id}:${file.path}`;
    const bytes = useCache ? cache.get(space, key) : null;
    if (bytes)
      return JSON.parse(
        Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"),
      ) as Facts;
    const facts = read();
    fresh[space].push([key, Buffer.from(JSON.stringify(facts))]);
    return facts;
  }

  for (const file of files)
    for (const ecosystem of ecosystems) {
      if (ecosystem.isManifest(file.path)) {
        const facts = kept<ManifestFacts>(manifestVersion, ecosystem, file, () =>
          ecosystem.parseManifest(file),
        );
        manifests.push({ path: file.path, ecosystem: ecosystem.id, facts });
      }
      if (ecosystem.isLockFile(file.path)) {
        const versions = kept(lockVersion, ecosystem, file, () => [...ecosystem.parseLockFile(file)]);
        const byFolder = locks.get(ecosystem.id) ?? new Map<string, LockedVersions>();
        const folder = folderOf(file.path);
        locks.set(ecosystem.id, byFolder.set(folder, joinVersions(byFolder.get(folder), versions)));
      }
    }
  cache.putMany(manifestVersion, fresh[manifestVersion]);
  cache.putMany(lockVersion, fresh[lockVersion]);
  return { manifests, locks };
}

/** A folder may have several lock files: of two package managers, or of the build beside the program. */
function joinVersions(
  known: LockedVersions | undefined,
  more: Iterable<readonly [string, readonly string[]]>,
): LockedVersions {
  const joined = new Map(known);
  for (const [name, versions] of more)
    joined.set(name, [...new Set([...(joined.get(name) ?? []), ...versions])]);
  return joined;
}

/** The version that the nearest lock file, in the manifest's folder or above, pins; undefined when that is not clear. */
export function lockedVersion(
  locks: ReadManifests["locks"],
  ecosystem: EcosystemDefinition,
  manifest: string,
  dependency: Pick<DeclaredDependency, "name" | "requirement">,
): string | undefined {
  const byFolder = locks.get(ecosystem.id);
  if (!byFolder) return undefined;
  const key = ecosystem.normaliseName?.(dependency.name) ?? dependency.name;
  for (let folder = folderOf(manifest); ; folder = folderOf(folder)) {
    const versions = byFolder.get(folder)?.get(key);
    if (versions)
      return versions.length === 1
        ? versions[0]
        : ecosystem.chooseVersion?.(dependency.requirement, versions);
    if (folder === "") return undefined;
  }
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
