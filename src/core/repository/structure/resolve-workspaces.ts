import type { ManifestFacts } from "../../../contracts/ecosystem.ts";
import { isMinorPath } from "../stack/minor-paths.ts";

export interface WorkspaceMember {
  /** Folder, or `.` for the top. */
  readonly path: string;
  /** As the member's manifest says, else the folder's name. */
  readonly name: string;
  readonly ecosystem: string;
}

export interface WorkspaceInput {
  readonly paths: readonly string[];
  readonly manifests: readonly {
    readonly path: string;
    readonly ecosystem: string;
    readonly facts: ManifestFacts;
  }[];
}

const MAX_MEMBERS = 2000;
const MAX_GLOBS = 200;

/** The members of every workspace that exist in the tree, with their names; a folder counts once per ecosystem. */
export function resolveWorkspaces({ paths, manifests }: WorkspaceInput): WorkspaceMember[] {
  const members = new Map<string, WorkspaceMember>();
  const byEcosystem = Map.groupBy(manifests, ({ ecosystem }) => ecosystem);
  let folders: ReadonlySet<string> | undefined;
  for (const { path, ecosystem, facts } of manifests) {
    const globs = (facts.workspaces ?? []).slice(0, MAX_GLOBS);
    if (globs.length === 0 || isMinorPath(path)) continue;
    const base = folderOf(path);
    const wanted = globs.filter((glob) => !glob.startsWith("!")).map((glob) => toPattern(base, glob));
    const unwanted = globs
      .filter((glob) => glob.startsWith("!"))
      .map((glob) => toPattern(base, glob.slice(1)));
    const add = (folder: string, name: string | undefined): void => {
      if (unwanted.some((pattern) => pattern.test(folder)) || /(^|\/)node_modules(\/|$)/.test(folder)) return;
      const key = `${ecosystem}\n${folder}`;
      const known = members.get(key);
      if ((known === undefined && members.size >= MAX_MEMBERS) || (known !== undefined && name === undefined))
        return;
      members.set(key, {
        path: folder === "" ? "." : folder,
        name: name ?? (folder.split("/").at(-1) || "."),
        ecosystem,
      });
    };
    for (const member of byEcosystem.get(ecosystem) ?? []) {
      const folder = folderOf(member.path);
      // A pom may be named itself; a module may be the folder that names it (`use .`).
      const isMember = wanted.some((pattern) => pattern.test(folder) || pattern.test(member.path));
      if (isMember && (folder !== base || ecosystem === "go")) add(folder, member.facts.packageName);
    }
    // Gradle's members need no file of their own.
    if (ecosystem === "gradle") {
      folders ??= foldersOf(paths);
      for (const glob of globs) {
        const folder = join(base, glob);
        if (folders.has(folder)) add(folder, undefined);
      }
    }
  }
  return [...members.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function foldersOf(paths: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths)
    for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1))
      folders.add(path.slice(0, at));
  return folders;
}

function join(base: string, relative: string): string {
  const parts = base === "" ? [] : base.split("/");
  for (const part of relative.split("/"))
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  return parts.join("/");
}

/** A workspace glob as a pattern for folders: `*` within one part, `**` across parts, `{a,b}` as a choice. */
function toPattern(base: string, glob: string): RegExp {
  const source = join(base, glob.slice(0, 200))
    .replaceAll(/[.+^$()|[\]\\?]/g, String.raw`\$&`)
    .replaceAll(/\{([^{}]*)\}/g, (_whole, choice: string) => `(?:${choice.replaceAll(",", "|")})`)
    .replaceAll(/[{}]/g, String.raw`\$&`)
    .replaceAll(/\*\*\/|\/\*\*|\*\*|\*/g, (star) => {
      if (star === "*") return "[^/]*";
      if (star === "**/") return "(?:.*/)?";
      return star === "/**" ? "(?:/.*)?" : ".*";
    });
  return new RegExp(`^${source}$`);
}
