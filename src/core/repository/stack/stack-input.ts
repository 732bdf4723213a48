import type { DeclaredDependency, ManifestFacts } from "../../../contracts/ecosystem.ts";

/** What one manifest said, with where it stands. */
export interface ReadManifest {
  readonly path: string;
  readonly ecosystem: string;
  readonly facts: ManifestFacts;
}

export interface StackInput {
  /** All paths of the snapshot. */
  readonly paths: readonly string[];
  readonly manifests: readonly ReadManifest[];
  /** Contents of the files for which `wantsStackText` is true; missing ones are skipped. */
  readonly texts: ReadonlyMap<string, string>;
  /** Whether a path is vendored, generated, a test, a fixture or documentation, in addition to `isMinorPath`. */
  readonly isMinor?: (path: string) => boolean;
  /** The version a lock file pins for a dependency of this manifest, when there is one. */
  readonly lockedVersion?: (manifest: ReadManifest, dependency: DeclaredDependency) => string | undefined;
}
