import { ownRules } from "./rules.ts";
import generated from "./technologies.generated.json" with { type: "json" };

/** What a technology is for. */
export type StackCategory =
  | "language-runtime"
  | "package-manager"
  | "framework"
  | "library"
  | "orm"
  | "database"
  | "queue"
  | "service"
  | "ai"
  | "monitoring"
  | "security"
  | "test"
  | "build"
  | "lint"
  | "documentation"
  | "ci"
  | "container"
  | "orchestration"
  | "infrastructure"
  | "cloud";

export interface Technology {
  readonly name: string;
  readonly category: StackCategory;
  /** Compiled away, so that it counts as a part of the product although it is a development dependency. */
  readonly isCompiledAway: boolean;
}

export interface DependencyMatch {
  readonly technology: Technology;
  readonly isMain: boolean;
}

/** Technologies by what shows them. */
export interface TechnologyTable {
  /** The technologies of a dependency; `isMain` when its version is that of the technology. */
  ofDependency(ecosystem: string, name: string): readonly DependencyMatch[];
  /** The technologies shown by the mere existence of a file. */
  ofPath(path: string): readonly Technology[];
  named(name: string): Technology | undefined;
}

/** Builds the table from the generated and our own rules; about 2 ms, so once per process is enough. */
export function createTechnologyTable(): TechnologyTable {
  const technologies = new Map<string, Technology>();
  const dependencies = new Map<string, DependencyMatch[]>();
  const names = new Map<string, Technology[]>();
  const patterns: { readonly pattern: RegExp; readonly technology: Technology }[] = [];
  const own = readOwnRules();
  for (const { technology } of own) technologies.set(technology.name, technology);
  const rows = generated.technologies as unknown as readonly GeneratedRow[];
  const foreign = rows.map(([name, category, uses, files]) => {
    const technology = technologies.get(name) ?? { name, category, isCompiledAway: false };
    technologies.set(name, technology);
    return { technology, uses: Object.entries(uses), files };
  });
  for (const { technology, uses, files } of [...own, ...foreign]) {
    for (const [ecosystem, list] of uses)
      for (const [index, name] of list.entries()) {
        const key = `${ecosystem}\n${normaliseName(ecosystem, name)}`;
        const known = dependencies.get(key) ?? [];
        // A technology's first name is its own; what else belongs to it has versions of its own.
        if (!known.some((match) => match.technology === technology))
          dependencies.set(key, [...known, { technology, isMain: index === 0 }]);
      }
    for (const file of files)
      if (!file.includes("/") && !file.includes("*"))
        names.set(file, [...(names.get(file) ?? []).filter((one) => one !== technology), technology]);
      else patterns.push({ pattern: toPattern(file), technology });
  }
  return {
    ofDependency: (ecosystem, name) => {
      const found = new Map<string, DependencyMatch>();
      for (const key of keysOf(ecosystem, name))
        for (const match of dependencies.get(key) ?? [])
          if (!found.has(match.technology.name)) found.set(match.technology.name, match);
      return [...found.values()];
    },
    ofPath: (path) => {
      const byName = names.get(path.slice(path.lastIndexOf("/") + 1)) ?? [];
      const byPattern = patterns
        .filter(({ pattern }) => pattern.test(path))
        .map(({ technology }) => technology);
      return byPattern.length === 0
        ? byName
        : [...byName, ...byPattern.filter((one) => !byName.includes(one))];
    },
    named: (name) => technologies.get(name),
  };
}

type GeneratedRow = readonly [
  string,
  StackCategory,
  Readonly<Record<string, readonly string[]>>,
  readonly string[],
];

interface OwnRule {
  readonly technology: Technology;
  readonly uses: readonly (readonly [string, readonly string[]])[];
  readonly files: readonly string[];
}

function words(text: string): string[] {
  return text.split(" ").filter((word) => word !== "");
}

function readOwnRules(): readonly OwnRule[] {
  return ownRules
    .trim()
    .split("\n")
    .map((row) => {
      const [name = "", kind = "", uses = "", files = ""] = row.split("|").map((cell) => cell.trim());
      const category = kind.replace("!", "") as StackCategory;
      return {
        technology: { name, category, isCompiledAway: kind.endsWith("!") },
        uses:
          words(uses).length === 0
            ? []
            : uses.split(";").map((part) => {
                const at = part.indexOf(":");
                return [part.slice(0, at).trim(), words(part.slice(at + 1))] as const;
              }),
        files: words(files),
      };
    });
}

/** `*` is anything within one part of a path; without `/` the pattern is for the file's name in any folder. */
function toPattern(glob: string): RegExp {
  const source = glob.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll("*", "[^/]*");
  return new RegExp(glob.includes("/") ? `^${source.replace(/^\//, "")}$` : `(?:^|/)${source}$`);
}

function normaliseName(ecosystem: string, name: string): string {
  if (ecosystem === "pypi") return name.toLowerCase().replaceAll(/[-_.]+(?!\*)/g, "-");
  if (ecosystem === "nuget" || ecosystem === "swift") return name.toLowerCase();
  return ecosystem === "docker" ? name.replace(/^(?:docker\.io\/)?(?:library\/)?/, "") : name;
}

/** The name and every `prefix*` it falls under. */
function keysOf(ecosystem: string, written: string): string[] {
  const name = normaliseName(ecosystem, written);
  const keys = [`${ecosystem}\n${name}`];
  for (let at = 1; at < name.length; at += 1)
    if ("/:.-".includes(name[at] ?? "")) keys.push(`${ecosystem}\n${name.slice(0, at + 1)}*`);
  // Go names packages below a module, and major versions as a last part.
  if (ecosystem === "go") keys.push(`${ecosystem}\n${name.replace(/\/v\d+$/, "")}`);
  return keys;
}
