import {
  defineRule,
  type ReviewedChange,
  type ReviewedFile,
  type RuleHit,
} from "../../contracts/review-rule.ts";
import { escapePattern, firstPlace, placeOf } from "./shared/changed-lines.ts";
import { lockedManifests, type LockedManifest } from "./shared/dependency-sections.ts";

export default defineRule({
  id: "lock-file-out-of-step",
  kind: "change",
  title: "Dependencies changed without their lock file",
  severity: "warning",
  category: "dependency",
  confidence: "medium",
  message: "The lock file does not know this change of dependencies.",
  why: "Installing from the lock file fails, or everyone gets what the lock file says and not what the manifest says.",
  docs: "A dependency was added, removed or given another version, and the lock file that is in the repository was not changed with it. Install once and commit the lock file. The other way round, a lock file without its manifest, is only mentioned: that is how transitive dependencies are updated. Switch it off where lock files are made by a robot afterwards.",
  examples: {
    bad: [
      {
        "package.json": [
          '{"dependencies":{\n"left-pad":"^1.0.0"}}\n',
          '{"dependencies":{\n"left-pad":"^1.0.0",\n"chalk":"^5.0.0"}}\n',
        ],
        "package-lock.json": ["{}\n", "{}\n"],
      },
      {
        "crates/a/Cargo.toml": ['name = "a"\n[dependencies]\n', 'name = "a"\n[dependencies]\nserde = "1"\n'],
        "Cargo.lock": ['name = "a"\n', 'name = "a"\n'],
      },
    ],
    good: [
      {
        "package.json": ['{"scripts":{},"version":"1.0.0"}\n', '{"scripts":{"a":"b"},"version":"1.1.0"}\n'],
        "package-lock.json": ["{}\n", "{}\n"],
      },
      {
        "templates/a/package.json": ['{"dependencies":{}}\n', '{"dependencies":{"chalk":"^5.0.0"}}\n'],
        "pnpm-lock.yaml": ["importers:\n  packages/a:\n", "importers:\n  packages/a:\n"],
      },
      { "package.json": ['{"dependencies":{}}\n', '{"dependencies":{"chalk":"^5.0.0"}}\n'] },
      {
        "package.json": ['{"dependencies":{}}\n', '{"dependencies":{"chalk":"^5.0.0"}}\n'],
        "yarn.lock": ["\n", "chalk@^5.0.0:\n"],
      },
      {
        "Cargo.toml": ['[dependencies]\nserde = "1.0"\n', '[dependencies]\nserde = "1.2"\n'],
        "Cargo.lock": ["version = 4\n", "version = 4\n"],
      },
    ],
  },
  async check(change) {
    const paths = await change.paths();
    if (paths === null) return [];
    const known = new Set(paths);
    const hits: RuleHit[] = [];
    const touched = new Set<string>();
    for (const file of change.files) {
      const kind = lockedManifests.find(({ manifest }) => manifest.test(file.path));
      if (
        kind === undefined ||
        file.text === null ||
        file.role === "vendored" ||
        file.role === "test" ||
        file.role === "example"
      )
        continue;
      const lock = lockOf(file.path, kind, known);
      if (lock === null) continue;
      touched.add(lock);
      if (change.file(lock) !== undefined) continue;
      const hit = await compare(file, kind, lock, change);
      if (hit !== null) hits.push(hit);
    }
    for (const file of change.files) hits.push(...lonelyLock(file, touched, change));
    return hits;
  },
});

/** The nearest lock file beside the manifest or above it. */
function lockOf(
  path: string,
  { locks, isLockBeside }: LockedManifest,
  known: ReadonlySet<string>,
): string | null {
  let folder = folderOf(path);
  for (;;) {
    for (const name of locks) if (known.has(folder + name)) return folder + name;
    if (folder === "" || isLockBeside) return null;
    folder = folderOf(folder.slice(0, -1));
  }
}

/** Whether the lock file above a manifest knows that manifest: templates and examples are no members of the workspace. */
function isMember(file: ReviewedFile, lock: string, locked: string): boolean {
  const folder = folderOf(file.path).slice(folderOf(lock).length, -1);
  if (folder === "") return true;
  if (/(?:Cargo|uv|poetry|pdm)\.lock$/.test(lock)) {
    const name = /^name\s*=\s*"([^"\n]+)"/m.exec(file.text ?? "")?.[1];
    return name !== undefined && locked.includes(`name = "${name}"`);
  }
  if (lock.endsWith("yarn.lock")) return locked.includes(`workspace:${folder}"`);
  if (lock.endsWith("pnpm-lock.yaml"))
    return new RegExp(`^ {2}'?${escapePattern(folder)}'?:`, "m").test(locked);
  return !/\.json$|bun\.lock$/.test(lock) || locked.includes(`"${folder}"`);
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

async function compare(
  file: ReviewedFile,
  kind: LockedManifest,
  lock: string,
  change: ReviewedChange,
): Promise<RuleHit | null> {
  // A new manifest may be no member of the workspace whose lock file is above it.
  const before = await change.before(file.oldPath ?? file.path);
  if (before === null) return null;
  const old = kind.read(before);
  const now = kind.read(file.text!);
  if (old === null || now === null) return null;
  const changed = [...new Set([...old.keys(), ...now.keys()])].filter(
    (name) => old.get(name) !== now.get(name),
  );
  const locked = await change.read(lock);
  if (locked !== null && !isMember(file, lock, locked)) return null;
  const unknown = changed.filter((name) => {
    if (lock.endsWith("go.sum"))
      // What is no longer needed may stay in it, and another version may be there already.
      return now.has(name) && locked !== null && !locked.includes(`${name} ${now.get(name)}`);
    return !isOwn(name, file, change);
  });
  const [name] = unknown;
  if (name === undefined) return null;
  const place =
    placeOf(file, new RegExp(`(?<![\\w-])${escapePattern(name)}(?![\\w-])`, "i")) ?? firstPlace(file);
  if (place === null) return null;
  const more = unknown.length > 1 ? ` and ${unknown.length - 1} more` : "";
  return {
    path: file.path,
    ...place,
    subject: lock,
    message: `\`${name}\`${more} changed here, but not in ${lock}.`,
  };
}

/** A package of this repository, whose version is bumped with the others'. */
function isOwn(name: string, file: ReviewedFile, change: ReviewedChange): boolean {
  const scope = /^@[^/]+\//.exec(name)?.[0];
  const own = /"name"\s*:\s*"(@[^/"]+\/)?[^"]*"/.exec(file.text ?? "");
  if (scope !== undefined && own?.[1] === scope) return true;
  return change.files.some(
    ({ path, text }) =>
      /(?:^|\/)package\.json$/.test(path) && text !== null && text.includes(`"name": "${name}"`),
  );
}

function lonelyLock(
  file: ReviewedFile,
  touched: ReadonlySet<string>,
  change: ReviewedChange,
): readonly RuleHit[] {
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  const kind = lockedManifests.find(({ locks }) => locks.includes(name));
  if (
    kind === undefined ||
    file.diff.status !== "modified" ||
    touched.has(file.path) ||
    file.role === "vendored"
  )
    return [];
  // A workspace's manifests may be anywhere below.
  const folder = folderOf(file.path);
  if (change.files.some(({ path }) => path.startsWith(folder) && kind.manifest.test(path))) return [];
  const place = firstPlace(file);
  return place === null
    ? []
    : [
        {
          path: file.path,
          ...place,
          severity: "info",
          subject: "lock",
          message: `${name} changed, and no manifest did: only transitive dependencies.`,
        },
      ];
}
