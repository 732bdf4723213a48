import type { ReviewedChange, ReviewedFile, RuleHit } from "../../../../contracts/review-rule.ts";
import { hasWord, nameOf } from "./blanked-text.ts";
import type { RemovableNames, RemovedName, Surroundings } from "./removable-names.ts";
import { maxLength } from "./surroundings.ts";

const maxNames = 40;
const maxProviders = 100;

/** Copies of other people's code, and texts that tests feed to programs: what they import is not in this repository. */
export const foreignPath =
  /(^|\/)(vendor|third_party|node_modules|testdata|test-data|fixtures?|__fixtures__|snapshots?|__snapshots__|__testfixtures__|stubs?|templates?)\//i;
/** What a dependency newly brings may carry the same name. */
const manifest =
  /(^|\/)(pom\.xml|build\.gradle(\.kts)?|settings\.gradle(\.kts)?|[\w.-]+\.versions\.toml|composer\.json|gemfile(\.lock)?|[\w.-]+\.gemspec)$/i;

const generated = /\bcode generated\b|\bdo not edit\b|@generated\b|\bauto-?generated\b/i;
/** From now on a file may be there without being in the repository. */
const untracking = /(^|\/)\.git(ignore|modules)$/;

/** Names that the change took away, and that are still in use somewhere. */
export async function findRemovedUses(
  change: ReviewedChange,
  around: Surroundings,
  languages: readonly RemovableNames[],
  signal: AbortSignal,
): Promise<readonly RuleHit[]> {
  const concerned = change.files.filter(
    ({ path, oldPath, role, diff }) =>
      // What is gone has no content to be known by: it is data.
      !["vendored", "generated", "documentation"].includes(role) &&
      diff.status !== "added" &&
      diff.status !== "copied" &&
      languages.some(({ files }) => files.test(oldPath ?? path)),
  );
  const hasNewDependencies = change.files.some(({ path, added }) => added.length > 0 && manifest.test(path));
  const isUntracking = change.files.some(({ path, added }) => added.length > 0 && untracking.test(path));
  const hits: RuleHit[] = [];
  let names = 0;
  for (const language of languages) {
    if (language.isGlobal && hasNewDependencies) continue;
    const asked = new Set<string>();
    for (const file of concerned) {
      const path = file.oldPath ?? file.path;
      if (!language.files.test(path) || foreignPath.test(path)) continue;
      if (isUntracking && !around.has(path)) continue;
      for (const removed of await removedFrom(file, path, language, change, around)) {
        signal.throwIfAborted();
        if (asked.has(removed.fullName)) continue;
        asked.add(removed.fullName);
        if (++names > maxNames) return hits;
        hits.push(...(await usesOf(removed, language, change, around)));
      }
    }
  }
  return hits;
}

function ancestorsOf(path: string): readonly string[] {
  return path
    .split("/")
    .map((_, at, parts) => parts.slice(0, at).join("/"))
    .slice(1);
}

async function removedFrom(
  file: ReviewedFile,
  path: string,
  language: RemovableNames,
  change: ReviewedChange,
  around: Surroundings,
): Promise<readonly RemovedName[]> {
  // What is not seen may still be there; a link or a submodule may stand in place of a folder.
  if (ancestorsOf(path).some(around.has)) return [];
  if (around.has(path) && (file.path !== path || !file.isWhole || file.text === null)) return [];
  const before = await change.before(path);
  if (before === null || before.length > maxLength || generated.test(before.slice(0, 2_000))) return [];
  const after = around.has(path) ? file.text! : null;
  const left = new Set(after === null ? [] : language.offered(path, after).map(({ fullName }) => fullName));
  const removed = new Map(
    language
      .offered(path, before)
      .filter(({ fullName }) => !left.has(fullName))
      .map((offered) => [offered.fullName, { ...offered, path }]),
  );
  return [...removed.values()].filter((name) => after === null || !language.mayAnswer(name, path, after));
}

async function usesOf(
  removed: RemovedName,
  language: RemovableNames,
  change: ReviewedChange,
  around: Surroundings,
): Promise<readonly RuleHit[]> {
  const { references } = change;
  const isOurs = (path: string): boolean => language.files.test(path);
  const { name } = removed;
  // Written by a generator from a file of that name, or kept in another language.
  if (language.isGlobal && around.paths.some((path) => nameOf(path).startsWith(`${name}.`) && !isOurs(path)))
    return [];
  const { paths: naming, isAll } = await around.naming(name, removed.path, language.files);
  // The index still knows all who define it.
  if (!isAll && references === null && language.isGlobal) return [];
  const maySupply = (path: string): boolean => isOurs(path) || language.suppliers?.test(path) === true;
  const changed = change.files.flatMap(({ path, diff }) =>
    diff.status !== "deleted" && maySupply(path) ? [path] : [],
  );
  const defining =
    references !== null && language.isGlobal ? (await references.definitions(name)).filter(maySupply) : [];
  const providers = new Set(language.providers(removed, around));
  if (providers.size > maxProviders) return [];
  const suppliers = new Set([
    ...providers,
    ...changed,
    ...defining,
    ...naming.filter((path) => language.isGlobal && maySupply(path)),
  ]);
  const readAll = (paths: Iterable<string>): Promise<unknown> => Promise.all([...paths].map(around.read));
  await readAll(suppliers);
  for (const path of suppliers) {
    if (path === removed.path && around.has(path)) continue;
    const text = await around.read(path);
    // Names of PHP do not care for case; nobody writes them in two ways within one repository.
    if (text !== null && !providers.has(path) && !text.includes(name)) continue;
    if (text === null || language.mayAnswer(removed, path, text)) return [];
  }
  const hits: RuleHit[] = [];
  await readAll(naming.filter(isOurs));
  for (const path of naming) {
    if (path === removed.path || !isOurs(path) || foreignPath.test(path)) continue;
    const text = await around.read(path);
    const use =
      text === null || !hasWord(text, name) ? null : await language.findUse(removed, path, text, around);
    if (use !== null)
      hits.push({
        path,
        line: use.line,
        subject: `${removed.path} ${removed.fullName}`,
        isConsequence: true,
        message: `\`${name}\` is ${use.how}, and ${removed.path} does not have it any more.`,
      });
  }
  return hits;
}
