import { isForeignPath } from "../stack/minor-paths.ts";

export type DocumentKind =
  | "readme"
  | "changelog"
  | "contributing"
  | "code-of-conduct"
  | "security"
  | "support"
  | "governance"
  | "authors"
  | "citation"
  | "architecture"
  | "roadmap"
  | "upgrading"
  | "agents"
  | "issue-template"
  | "decisions"
  | "folder";

export interface DocumentFile {
  readonly path: string;
  readonly kind: DocumentKind;
}

const MAX_DOCUMENTS = 60;
const KINDS: readonly (readonly [DocumentKind, RegExp])[] = [
  [
    "readme",
    /^readme([._-][\w-]+)*?(\.(md|mdx|rst|txt|markdown|adoc|org|html))?$(?<!\.(js|ts|py|rb|go|c|h|json))/i,
  ],
  [
    "changelog",
    /^(changelog|changes|history|news|release[-_]?notes|releases|00-releasenotes)(\.(md|rst|txt|markdown|adoc))?$/i,
  ],
  ["contributing", /^(contributing|development|developing|hacking)(\.(md|rst|txt|markdown|adoc))?$/i],
  ["code-of-conduct", /^code[-_]of[-_]conduct(\.(md|rst|txt|markdown|adoc))?$/i],
  ["security", /^security(\.(md|rst|txt|markdown|adoc))?$/i],
  ["support", /^support(\.(md|rst|txt|markdown))?$/i],
  ["governance", /^(governance|maintainers|codeowners|owners)(\.(md|rst|txt))?$/i],
  ["authors", /^(authors|contributors|credits|thanks)(\.(md|rst|txt))?$/i],
  ["citation", /^citation\.(cff|bib)$/i],
  ["architecture", /^(architecture|design)(\.(md|rst|txt|adoc))$/i],
  ["roadmap", /^(roadmap|todo)(\.(md|rst|txt))?$/i],
  ["upgrading", /^(upgrading|upgrade|migrating|migration|migration[-_]guide)(\.(md|rst|txt))$/i],
  ["agents", /^(agents|claude|gemini|copilot-instructions)\.md$/i],
];
const FOLDER = /^(docs?|documentation|guides?|website|man|wiki)$/i;

/** Documents a reader looks for, top first, and the folders that hold documentation. */
export function findDocs(paths: readonly string[]): DocumentFile[] {
  const found: DocumentFile[] = [];
  const folders = new Map<string, DocumentKind>();
  for (const path of paths) {
    const parts = path.split("/");
    const name = parts.at(-1) ?? "";
    const folder = parts.findIndex(
      (part, index) => index < parts.length - 1 && index < 2 && FOLDER.test(part),
    );
    if (folder !== -1 && !isForeignPath(path) && /\.(md|mdx|rst|adoc|txt|html|tex|[1-9])$/i.test(name))
      folders.set(parts.slice(0, folder + 1).join("/"), "folder");
    const decisions = /^(.*\/)?(adrs?|decisions|rfcs?)\/[^/]+\.(md|rst|adoc)$/i.exec(path);
    if (decisions !== null && !isForeignPath(path))
      folders.set(path.slice(0, path.lastIndexOf("/")), "decisions");
    if (/^\.github\/(ISSUE_TEMPLATE\/|PULL_REQUEST_TEMPLATE)/i.test(path))
      folders.set(".github", "issue-template");
    const isHome =
      parts.length === 1 || (parts.length === 2 && /^(\.github|docs?|\.gitlab)$/i.test(parts[0] ?? ""));
    const kind = KINDS.find(([, pattern]) => pattern.test(name))?.[0];
    const isPart = kind === "readme" || kind === "changelog";
    if (
      kind !== undefined &&
      (isHome || (isPart && parts.length <= 3 && !isForeignPath(path) && !parts[0]?.startsWith(".")))
    )
      found.push({ path, kind });
  }
  const all = [...found, ...[...folders].map(([path, kind]) => ({ path, kind }))];
  return all
    .sort((a, b) => depth(a.path) - depth(b.path) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
    .slice(0, MAX_DOCUMENTS);
}

function depth(path: string): number {
  return path.split("/").length;
}
