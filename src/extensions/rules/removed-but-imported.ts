import { defineRule, type ReviewedReferences, type RuleHit } from "../../contracts/review-rule.ts";
import { escapePattern } from "./shared/changed-lines.ts";
import { findImport, isImportable } from "./shared/import-sites.ts";

const maxNames = 100;
const maxMentions = 50;
/** Without an index, how many files near by are read. */
const maxNeighbours = 200;
/** Files read for one change, all names together. */
const maxReads = 1_000;

export default defineRule({
  id: "removed-but-imported",
  kind: "change",
  title: "Removed or renamed, and still imported",
  severity: "error",
  category: "bug",
  confidence: "high",
  message: "What this imports is gone.",
  why: "The import fails, or the name is undefined where it is used.",
  docs: "An exported function, class or type of a JavaScript, TypeScript or Python file was removed or renamed, its name does not occur in that file any more, and another file still imports it from there by name. Only imports that point to that very file count, so calls on objects and names that something else may define are no findings.",
  examples: {
    bad: [
      {
        "src/price.ts": [
          "export function total(): number {\n  return 1;\n}\n",
          "export function sum(): number {\n  return 1;\n}\n",
        ],
        "src/shop.ts": [
          'import { total } from "./price.ts";\ntotal();\n',
          'import { total } from "./price.ts";\ntotal();\n',
        ],
      },
      {
        "shop/price.py": ["def total():\n    return 1\n", "VALUE = 1\n"],
        "shop/views.py": ["from .price import (\n    total,\n)\n", "from .price import (\n    total,\n)\n"],
      },
    ],
    good: [
      {
        "src/price.ts": ["export function total() {}\n", "export const total = () => 1;\n"],
        "src/shop.ts": ['import { total } from "./price.ts";\n', 'import { total } from "./price.ts";\n'],
      },
      {
        "src/price.ts": ["export function total() {}\n", "export function sum() {}\n"],
        "src/shop.ts": ['import { total } from "./price.ts";\n', 'import { sum } from "./price.ts";\n'],
      },
      {
        "src/price.ts": ["export function total() {}\n", "export function sum() {}\n"],
        "src/shop.ts": ['import { total } from "./other.ts";\n', 'import { total } from "./other.ts";\n'],
        "src/other.ts": ["export function total() {}\n", "export function total() {}\n"],
      },
      {
        "src/price.ts": ["export function total() {}\n", 'export * from "./parts.ts";\n'],
        "src/shop.ts": ['import { total } from "./price.ts";\n', 'import { total } from "./price.ts";\n'],
      },
    ],
  },
  async check(change, signal) {
    const hits: RuleHit[] = [];
    const paths = await change.paths();
    if (paths === null) return [];
    const known = new Set(paths);
    const texts = new Map<string, string | null>();
    const read = async (path: string): Promise<string | null> => {
      if (!texts.has(path)) texts.set(path, texts.size < maxReads ? await change.read(path) : null);
      return texts.get(path) ?? null;
    };
    let names = 0;
    for (const file of change.files) {
      const path = file.oldPath ?? file.path;
      if (
        !isImportable(path) ||
        file.role !== "code" ||
        file.diff.status === "added" ||
        file.diff.status === "copied"
      )
        continue;
      const before = await change.before(path);
      const isGone = !known.has(path);
      // Another file may answer for the same import: `x.ts` for `x.js`, a folder for a module.
      if (before === null || (isGone && hasSubstitute(path, paths))) continue;
      // What is not seen may still be there.
      const after = isGone ? "" : file.isWhole ? file.text : null;
      if (after === null || passesOn(after)) continue;
      for (const name of removedNames(path, before, after)) {
        signal.throwIfAborted();
        if (++names > maxNames) return hits;
        hits.push(...(await importersOf(name, path, paths, change.references, read)));
      }
    }
    return hits;
  },
});

/** What it exports is not all written in it. */
function passesOn(text: string): boolean {
  return /^\s*export\s*\*|\bmodule\.exports\s*=\s*require|^\s*from\s+\S+\s+import\s+\*|\b__getattr__\b|globals\(\)\[/m.test(
    text,
  );
}

function removedNames(path: string, before: string, after: string): readonly string[] {
  const exported = path.endsWith(".py")
    ? /^(?:async\s+)?(?:def|class)\s+([A-Za-z]\w{2,80})/gm
    : /^\s*export\s+(?:declare\s+)?(?:default\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\*?|class|interface|type|enum|const|let)\s+([A-Za-z_$][\w$]{2,80})/gm;
  const names = new Set([...before.matchAll(exported)].map((match) => match[1]!));
  return [...names].filter((name) => !new RegExp(`(?<![\\w$])${escapePattern(name)}(?![\\w$])`).test(after));
}

function hasSubstitute(path: string, paths: readonly string[]): boolean {
  const bare = path.replace(/(?:\/(?:index|__init__))?\.\w+$/, "");
  return paths.some(
    (other) =>
      other.startsWith(bare) && /^(?:\/(?:index|__init__))?(?:\.d)?\.\w+$/.test(other.slice(bare.length)),
  );
}

async function importersOf(
  name: string,
  path: string,
  paths: readonly string[],
  references: ReviewedReferences | null,
  read: (path: string) => Promise<string | null>,
): Promise<readonly RuleHit[]> {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const candidates =
    references === null
      ? paths.filter((other) => other.startsWith(folder) && isImportable(other)).slice(0, maxNeighbours)
      : (await references.mentions(name, maxMentions)).map((mention) => mention.path);
  const hits: RuleHit[] = [];
  for (const candidate of candidates) {
    if (candidate === path || !isImportable(candidate)) continue;
    const text = await read(candidate);
    const site = text === null ? null : findImport(name, path, candidate, text);
    if (site !== null)
      hits.push({
        path: candidate,
        line: site.line,
        subject: `${path} ${name}`,
        isConsequence: true,
        message: `\`${name}\` is imported here from \`${site.from}\`, and ${path} does not have it any more.`,
      });
  }
  return hits;
}
