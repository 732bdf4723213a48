import { parse as parseToml } from "smol-toml";

/** How one kind of manifest and its lock files belong together. */
export interface LockedManifest {
  readonly manifest: RegExp;
  /** Names of lock files, beside the manifest or above it. */
  readonly locks: readonly string[];
  /** Whether the lock file may only be in the manifest's own folder. */
  readonly isLockBeside: boolean;
  /** Dependencies by name, each with what the lock file keeps of it. Null when it cannot be read. */
  read(text: string): ReadonlyMap<string, string> | null;
}

type Table = Readonly<Record<string, unknown>>;

export const lockedManifests: readonly LockedManifest[] = [
  {
    manifest: /(?:^|\/)package\.json$/,
    locks: [
      "package-lock.json",
      "npm-shrinkwrap.json",
      "yarn.lock",
      "pnpm-lock.yaml",
      "bun.lock",
      "bun.lockb",
    ],
    isLockBeside: false,
    read: (text) =>
      collect(parseJson(text), ["dependencies", "devDependencies", "optionalDependencies"], (spec) =>
        typeof spec === "string" && !/^(?:workspace|file|link|portal|catalog):|^\*$/.test(spec) ? spec : null,
      ),
  },
  // Cargo.lock, mix.lock and pubspec.lock keep versions alone: another range may well fit the same version.
  {
    manifest: /(?:^|\/)Cargo\.toml$/,
    locks: ["Cargo.lock"],
    isLockBeside: false,
    read: (text) =>
      collect(parseTomlTable(text), ["dependencies", "dev-dependencies", "build-dependencies"], () => ""),
  },
  {
    manifest: /(?:^|\/)composer\.json$/,
    locks: ["composer.lock"],
    isLockBeside: true,
    read: (text) => collect(parseJson(text), ["require", "require-dev"], String),
  },
  {
    manifest: /(?:^|\/)Pipfile$/,
    locks: ["Pipfile.lock"],
    isLockBeside: true,
    read: (text) =>
      collect(parseTomlTable(text), ["packages", "dev-packages"], (spec) => JSON.stringify(spec)),
  },
  {
    manifest: /(?:^|\/)pyproject\.toml$/,
    locks: ["poetry.lock", "uv.lock", "pdm.lock"],
    isLockBeside: false,
    read: readPyproject,
  },
  {
    manifest: /(?:^|\/)Gemfile$/,
    locks: ["Gemfile.lock"],
    isLockBeside: true,
    read: (text) => collectLines(text, /^\s*gem\s*\(?\s*["']([\w.-]+)["']((?:\s*,\s*["'][^"']*["'])*)/gm),
  },
  {
    manifest: /(?:^|\/)mix\.exs$/,
    locks: ["mix.lock"],
    isLockBeside: false,
    read: (text) => collectLines(text, /\{\s*:(\w+)\s*,\s*(?=["'~]|git:|github:|\[?\s*(?:git|github):)/g),
  },
  {
    manifest: /(?:^|\/)pubspec\.yaml$/,
    locks: ["pubspec.lock"],
    isLockBeside: true,
    read: readPubspec,
  },
  {
    manifest: /(?:^|\/)go\.mod$/,
    locks: ["go.sum"],
    isLockBeside: true,
    read: (text) => collectLines(text, /^(?:require)?\s+((?:[\w-]+\.)+[\w-]+\/\S+)\s+(v[\w.+-]+)/gm),
  },
  {
    manifest: /\.(?:cs|fs|vb)proj$/,
    locks: ["packages.lock.json"],
    isLockBeside: true,
    read: (text) => collectLines(text, /<PackageReference\s+Include="([^"]+)"\s+Version="([^"]*)"/g),
  },
];

function parseJson(text: string): Table | null {
  try {
    return asTable(JSON.parse(text));
  } catch {
    return null;
  }
}

function parseTomlTable(text: string): Table | null {
  try {
    return asTable(parseToml(text));
  } catch {
    return null;
  }
}

function asTable(value: unknown): Table | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Table) : null;
}

function collect(
  table: Table | null,
  sections: readonly string[],
  keep: (spec: unknown) => string | null,
): ReadonlyMap<string, string> | null {
  if (table === null) return null;
  const found = new Map<string, string>();
  for (const section of sections)
    for (const [name, spec] of Object.entries(asTable(table[section]) ?? {})) {
      const kept = keep(spec);
      if (kept !== null) found.set(name, kept);
    }
  return found;
}

function collectLines(text: string, pattern: RegExp): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(pattern)].map((match) => [match[1]!, (match[2] ?? "").replace(/\s/g, "")]),
  );
}

function readPyproject(text: string): ReadonlyMap<string, string> | null {
  const table = parseTomlTable(text);
  if (table === null) return null;
  const found = new Map<string, string>();
  const project = asTable(table["project"]) ?? {};
  const poetry = asTable(asTable(table["tool"])?.["poetry"]) ?? {};
  const groups = Object.values(asTable(poetry["group"]) ?? {}).map((group) => asTable(group) ?? {});
  for (const lists of [
    { all: project["dependencies"] },
    asTable(project["optional-dependencies"]) ?? {},
    asTable(table["dependency-groups"]) ?? {},
  ])
    for (const list of Object.values(lists))
      for (const entry of Array.isArray(list) ? list : [])
        if (typeof entry === "string")
          found.set(/^[\w.-]+/.exec(entry)?.[0].toLowerCase() ?? entry, entry.replace(/\s/g, ""));
  for (const section of [poetry, ...groups])
    for (const [name, spec] of Object.entries({
      ...asTable(section["dependencies"]),
      ...asTable(section["dev-dependencies"]),
    }))
      found.set(name.toLowerCase(), JSON.stringify(spec));
  return found;
}

/** Names below `dependencies:` and `dev_dependencies:`, by their indentation. */
function readPubspec(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let isInside = false;
  for (const line of text.split("\n")) {
    if (/^\S/.test(line)) isInside = /^(?:dev_)?dependencies:/.test(line);
    const name = isInside ? /^ {2}([\w-]+):/.exec(line)?.[1] : undefined;
    if (name !== undefined && name !== "flutter" && name !== "flutter_test") found.set(name, "");
  }
  return found;
}
