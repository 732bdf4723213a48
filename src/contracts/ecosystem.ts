/** A manifest or lock file as handed to an ecosystem: `text` is decoded UTF-8, never executed. */
export interface ManifestFile {
  readonly path: string;
  readonly text: string;
}

export type DependencyScope = "runtime" | "development" | "optional" | "peer" | "build" | "test";

export interface DeclaredDependency {
  readonly name: string;
  /** The range or version as written; empty when none is given. */
  readonly requirement: string;
  readonly scope: DependencyScope;
  /** Line in the manifest, from 1. */
  readonly line: number;
  /**
   * Set when the entry only fixes a version for other manifests (Cargo `[workspace.dependencies]`, Maven
   * `dependencyManagement`, pnpm and Gradle catalogs, `Directory.Packages.props`); it is not a use by itself.
   */
  readonly shared?: true;
  /** Set when the manifest itself says that only another dependency needs it (`// indirect` in go.mod). */
  readonly indirect?: true;
}

/** A language runtime the manifest asks for, e.g. Node.js ">=24". */
export interface DeclaredRuntime {
  readonly name: string;
  readonly version: string;
  readonly line: number;
}

export interface DeclaredScript {
  readonly name: string;
  readonly command: string;
  readonly line: number;
}

/** Everything one manifest says. Unknown parts are left out, never guessed. */
export interface ManifestFacts {
  readonly packageName?: string;
  readonly packageVersion?: string;
  /** SPDX expression as declared. */
  readonly licence?: string;
  readonly dependencies?: readonly DeclaredDependency[];
  readonly runtimes?: readonly DeclaredRuntime[];
  readonly scripts?: readonly DeclaredScript[];
  /** Files or modules where execution starts (bin, main, [[bin]], console scripts), with their line. */
  readonly entryPoints?: readonly { readonly name: string; readonly target: string; readonly line: number }[];
  /** Globs of workspace members relative to the manifest's folder. */
  readonly workspaces?: readonly string[];
  /** What could not be read. A manifest that is not valid at all has only this. */
  readonly problems?: readonly { readonly message: string; readonly line?: number }[];
}

/** Versions that a lock file pins; a name may be pinned at several versions. */
export type LockedVersions = ReadonlyMap<string, readonly string[]>;

/**
 * One package ecosystem (npm, PyPI, Cargo …): which files are its manifests and lock files and how to read them.
 * Parsing never throws for bad input: it returns what it could read, plus problems.
 */
export interface EcosystemDefinition {
  /** Same as the file name. Appears as `dependencies[].ecosystem`. */
  readonly id: string;
  /** The package manager's name as people write it, e.g. "Cargo". */
  readonly title: string;
  /** Whether `path` is a manifest of this ecosystem. */
  isManifest(path: string): boolean;
  parseManifest(file: ManifestFile): ManifestFacts;
  /** Whether `path` is a lock file of this ecosystem. */
  isLockFile(path: string): boolean;
  parseLockFile(file: ManifestFile): LockedVersions;
  /** The form of a name under which `parseLockFile` keys it, where manifests may spell it otherwise. */
  normaliseName?(name: string): string;
  /** Which of several locked versions the requirement means; without it several versions mean none. */
  chooseVersion?(requirement: string, versions: readonly string[]): string | undefined;
}

export function defineEcosystem(definition: EcosystemDefinition): EcosystemDefinition {
  return definition;
}
