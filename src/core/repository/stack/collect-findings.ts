import type { DeclaredDependency, DeclaredRuntime, ManifestFacts } from "../../../contracts/ecosystem.ts";
import { isExamplePath, isForeignPath, isMinorPath } from "./minor-paths.ts";
import type { StackInput } from "./stack-input.ts";
import type { StackCategory, Technology, TechnologyTable } from "./technologies.ts";
import { isCiPath, readImages, readTextEvidence } from "./text-evidence.ts";

/** One place that shows a technology. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly rank: number;
  readonly version: string | undefined;
  readonly isMinor: boolean;
}

export interface TechnologyFindings {
  readonly technology: Technology;
  readonly found: Finding[];
}

/** How much a piece of evidence tells, best first; also decides whose version is shown. */
export const RANK = {
  manifest: 0,
  versionFile: 1,
  file: 2,
  image: 3,
  shared: 4,
  development: 5,
  language: 6,
  ci: 7,
} as const;

/** Categories that belong to how a repository is worked on, for which development dependencies count. */
const WORKSHOP: ReadonlySet<StackCategory> = new Set([
  "test",
  "lint",
  "documentation",
  "ci",
  "build",
  "security",
]);
/** Those of them that tests, docs and tool folders may show; a build file there builds only that folder. */
const SHOWN_BESIDE: ReadonlySet<StackCategory> = new Set(["test", "lint", "documentation", "ci", "security"]);
/** A client library's version is not that of what it talks to; an image's is. */
const SPOKEN_TO: ReadonlySet<StackCategory> = new Set([
  "database",
  "queue",
  "service",
  "cloud",
  "monitoring",
  "infrastructure",
]);

/** What its runtime is called when a manifest stands for a language but names no version. */
const RUNTIME_OF: Readonly<Record<string, string>> = {
  npm: "Node.js",
  pypi: "Python",
  go: "Go",
  cargo: "Rust",
  maven: "Java",
  gradle: "Java",
  composer: "PHP",
  bundler: "Ruby",
  nuget: ".NET",
  mix: "Elixir",
  pub: "Dart",
  swift: "Swift",
};
/** The package manager that a manifest means when no lock file or setting names another. */
const MANAGER_OF: Readonly<Record<string, readonly [name: string, others: readonly string[]]>> = {
  npm: ["npm", ["npm", "Yarn", "pnpm", "Bun", "Deno"]],
  pypi: ["pip", ["pip", "Poetry", "uv", "PDM", "Pipenv", "Conda"]],
};
const MANAGERS: ReadonlySet<string> = new Set(["npm", "pnpm", "Yarn"]);

/** Everything in a snapshot that shows a technology, by technology. */
export function collectFindings(input: StackInput, table: TechnologyTable): TechnologyFindings[] {
  const findings = new Map<string, TechnologyFindings>();
  const minor = rememberVerdicts((path) => isMinorPath(path) || (input.isMinor?.(path) ?? false));
  const foreign = rememberVerdicts((path) => isForeignPath(path) || isExamplePath(path));
  const named = (name: string, category: StackCategory): Technology =>
    table.named(name) ?? { name, category, isCompiledAway: false };
  const add = (technology: Technology, path: string, line: number, rank: number, version?: string): void => {
    if (foreign(path)) return;
    const isMinor = minor(path);
    if (isMinor && !SHOWN_BESIDE.has(technology.category) && !isAtHome(path, technology)) return;
    const finding = { path, line, rank, version: version === "" ? undefined : version, isMinor };
    const entry = findings.get(technology.name);
    if (entry === undefined) findings.set(technology.name, { technology, found: [finding] });
    else entry.found.push(finding);
  };

  for (const path of input.paths)
    for (const technology of table.ofPath(path)) add(technology, path, 1, RANK.file);

  const own = new Set(
    input.manifests
      .filter(({ path }) => !foreign(path) && !minor(path))
      .map(({ ecosystem, facts }) => `${ecosystem}\n${facts.packageName ?? ""}`),
  );
  for (const manifest of input.manifests) {
    const { path, ecosystem, facts } = manifest;
    for (const { name, version, line } of joinVersions(facts.runtimes ?? []))
      add(
        named(name, MANAGERS.has(name) ? "package-manager" : "language-runtime"),
        path,
        line,
        RANK.manifest,
        version,
      );
    const language = RUNTIME_OF[ecosystem];
    if (language !== undefined && standsForLanguage(facts))
      add(named(language, "language-runtime"), path, facts.runtimes?.[0]?.line ?? 1, RANK.language);
    const hasRuntime = facts.dependencies?.some(({ scope }) => scope === "runtime") ?? false;
    for (const dependency of facts.dependencies ?? []) {
      // A repository's own packages are what it makes, not what it is made with.
      if (dependency.indirect === true || own.has(`${ecosystem}\n${dependency.name}`)) continue;
      for (const { technology, isMain } of table.ofDependency(ecosystem, dependency.name)) {
        if (!counts(dependency, technology, ecosystem, hasRuntime)) continue;
        const tellsVersion =
          ecosystem === "docker" ||
          (isMain && ecosystem !== "actions" && !SPOKEN_TO.has(technology.category));
        const version = tellsVersion
          ? (input.lockedVersion?.(manifest, dependency) ?? readableVersion(dependency.requirement))
          : undefined;
        add(technology, path, dependency.line, rankOf(dependency, ecosystem), version);
      }
    }
  }

  for (const [path, text] of input.texts) {
    const isCi = isCiPath(path);
    for (const { name, category, version, line } of readTextEvidence(path, text))
      add(
        named(name, category ?? "language-runtime"),
        path,
        line,
        isCi ? RANK.ci : RANK.versionFile,
        version,
      );
    for (const { image, line } of readImages(path, text)) {
      const [name = "", tag] = image.split(":");
      for (const { technology } of table.ofDependency("docker", name))
        if (technology.category !== "language-runtime")
          add(technology, path, line, isCi ? RANK.ci : RANK.image, tag);
    }
  }

  for (const { path, ecosystem, facts } of input.manifests) {
    const [manager, others] = MANAGER_OF[ecosystem] ?? ["", []];
    if (manager === "" || !standsForLanguage(facts) || minor(path)) continue;
    if (others.some((name) => name !== manager && findings.has(name))) continue;
    add(named(manager, "package-manager"), path, 1, RANK.language);
  }
  return [...findings.values()];
}

function rememberVerdicts(judge: (path: string) => boolean): (path: string) => boolean {
  const verdicts = new Map<string, boolean>();
  return (path) => {
    const known = verdicts.get(path);
    if (known !== undefined) return known;
    const verdict = judge(path);
    verdicts.set(path, verdict);
    return verdict;
  };
}

/** Some files live in folders that start with a dot, which are otherwise beside the product. */
function isAtHome(path: string, technology: Technology): boolean {
  if (technology.name === "Dev Containers") return path.startsWith(".devcontainer");
  return ["language-runtime", "database", "queue", "service"].includes(technology.category) && isCiPath(path);
}

function standsForLanguage(facts: ManifestFacts): boolean {
  return facts.packageName !== undefined || (facts.dependencies?.length ?? 0) > 0;
}

/** Several versions of a runtime on one line (.NET's target frameworks) as one. */
function joinVersions(runtimes: readonly DeclaredRuntime[]): readonly DeclaredRuntime[] {
  const joined = new Map<string, DeclaredRuntime>();
  for (const runtime of runtimes) {
    // What go.mod suggests to download is not what it needs.
    if (runtime.name === "Go toolchain") continue;
    const key = `${runtime.name}\n${runtime.line}`;
    const known = joined.get(key);
    joined.set(
      key,
      known === undefined ? runtime : { ...known, version: `${known.version}, ${runtime.version}` },
    );
  }
  return [...joined.values()];
}

/**
 * Whether a dependency shows that a technology is used. A framework, a database or a library among the development
 * dependencies is there to be tested against, unless the manifest has no others or the technology is compiled away.
 */
function counts(
  dependency: DeclaredDependency,
  technology: Technology,
  ecosystem: string,
  hasRuntime: boolean,
): boolean {
  const { scope } = dependency;
  if (technology.category === "language-runtime" && ecosystem === "docker") return true;
  if (WORKSHOP.has(technology.category) || technology.isCompiledAway) return true;
  if (scope === "test" || scope === "development") return !hasRuntime && ecosystem === "npm";
  // Build backends and plug-ins are tools, except for those that are a framework's own (Spring Boot's parent).
  const isOwnPlugin = ["framework", "orchestration", "language-runtime", "infrastructure", "orm"].includes(
    technology.category,
  );
  return scope !== "build" || isOwnPlugin || ecosystem === "maven";
}

function rankOf(dependency: DeclaredDependency, ecosystem: string): number {
  if (dependency.shared === true) return RANK.shared;
  if (ecosystem === "docker") return RANK.image;
  return ["runtime", "optional", "peer", "build"].includes(dependency.scope)
    ? RANK.manifest
    : RANK.development;
}

/** A requirement as a version for people; addresses, paths and references to elsewhere are none. */
function readableVersion(requirement: string): string | undefined {
  const isVersion = /^[\w.*+~^<>=!|, -]+$/.test(requirement) && /\d/.test(requirement);
  return isVersion && !/^[0-9a-f]{40}$/.test(requirement) ? requirement : undefined;
}
