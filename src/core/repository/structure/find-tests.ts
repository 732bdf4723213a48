import type { TreeEntry } from "../../../contracts/repository.ts";
import { isForeignPath } from "../stack/minor-paths.ts";

export interface TestFiles {
  readonly files: number;
  readonly bytes: number;
  /** Folders that hold tests, those with most files first. */
  readonly paths: readonly string[];
}

const MAX_FOLDERS = 10;
const TEST_FOLDER =
  /^(tests?|__tests__|specs?|e2e|integration[-_]tests?|unit[-_]tests?|testing|testsuite|test[-_]suite|t|features|[^/]*[-_.](tests?|specs?|e2e))$/i;
const CAMEL_CASE_FOLDER = /[a-z]Tests?$/;
/** Folders that hold tests only by name when what is in them is code. */
const CODE =
  /\.(c|cc|cpp|cxx|h|hpp|cs|fs|vb|go|rs|py|rb|java|kt|kts|scala|groovy|js|jsx|mjs|cjs|ts|tsx|mts|cts|vue|svelte|php|phpt|ex|exs|erl|hs|ml|swift|m|mm|dart|tcl|sh|bash|bats|pl|pm|t|lua|r|jl|zig|nim|clj|cljs|feature|test|sql)$/i;
const TEST_NAME =
  /(^|[._-])(tests?|specs?|e2e|cy)\.[a-z]+$|_test\.go$|^test_[^/]*\.py$|_test\.py$|^conftest\.py$|_spec\.rb$|_test\.(rb|exs|dart|cc|cpp|c|lua)$|(Tests?|Spec|IT|TestCase)\.(java|kt|scala|groovy|cs|fs|vb|swift|php)$|\.(bats|feature|phpt)$/;

/** Whether a file is a test or belongs to the tests, judged by where it stands and what it is called. */
export function isTestPath(path: string): boolean {
  const parts = path.split("/");
  const name = parts.pop() ?? "";
  if (TEST_NAME.test(name) && !/^(test|tests|spec)\.[a-z]+$/i.test(name)) return true;
  return (
    CODE.test(name) &&
    parts.some(
      (part, index) =>
        isTestFolder(part) && !(part === "features" && index === 0 && !name.endsWith(".feature")),
    )
  );
}

function isTestFolder(part: string): boolean {
  return TEST_FOLDER.test(part) || CAMEL_CASE_FOLDER.test(part);
}

/** The tests of a snapshot, without those of vendored code. */
export function findTests(entries: readonly TreeEntry[]): TestFiles {
  const folders = new Map<string, number>();
  let files = 0;
  let bytes = 0;
  for (const { path, kind, sizeBytes } of entries) {
    if (kind === "submodule" || kind === "symlink" || !isTestPath(path) || isForeignPath(path)) continue;
    files += 1;
    bytes += Math.max(0, sizeBytes);
    const folder = testFolder(path);
    folders.set(folder, (folders.get(folder) ?? 0) + 1);
  }
  const paths = [...folders]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MAX_FOLDERS)
    .map(([path]) => path);
  return { files, bytes, paths };
}

/** The outermost folder named for tests; for a test beside its code the top folder; `.` at the top. */
function testFolder(path: string): string {
  const parts = path.split("/").slice(0, -1);
  const at = parts.findIndex((part) => isTestFolder(part));
  if (at !== -1) return parts.slice(0, at + 1).join("/");
  return parts[0] ?? ".";
}
