const FOREIGN =
  /(^|\/)(node_modules|bower_components|vendor|vendored|third[-_]?party|3rdparty|external|externals|extern|deps|fixtures?|__fixtures__|testdata|test[-_]?data|test[-_]?fixtures|golden|snapshots?|__snapshots__|[^/]*templates?|template-[^/]+|boilerplates?|kotlin-js-store|skeleton|stubs?|mocks?|__mocks__)\//i;
const EXAMPLE = /(^|\/)(examples?|samples?|demos?|playgrounds?|tutorials?|benchmarks?|bench)\//i;
const AUXILIARY =
  /(^|\/)(tests?|tests?[-_][^/]+|__tests__|specs?|e2e|integration|testing|docs?|documentation|website|site|www-docs|examples?|samples?|demos?|playgrounds?|tutorials?|benchmarks?|bench|perf|fuzz|scripts?|utils?|tools?|hack|ci|extras?|contrib|support|misc|etc)\/|(^|\/)\.[^/]+\/|(^|\/)[^/]+[-_.](tests?|specs?|samples?|examples?|e2e|benchmarks?)\//i;
/** Names in camel case, of .NET projects above all; not case-blind, or `latest/` would be one. */
const CAMEL_CASE = /[a-z](Tests?|Specs|Benchmarks?|Samples?|Examples?|TestConsole|TestApp)\//;

/** Whether a path belongs to somebody else or is data for tests and generators: it never shows the stack. */
export function isForeignPath(path: string): boolean {
  return FOREIGN.test(withoutPackages(path));
}

/** Whether a path is there to be copied, tried or compared with: not even its linters are the repository's. */
export function isExamplePath(path: string): boolean {
  return EXAMPLE.test(withoutPackages(path));
}

/**
 * Whether a path lies beside the product: tests, documentation, examples, helper scripts, folders that start with a
 * dot. It may show how the repository is tested, linted or documented, but not what the product is made of.
 */
function isAuxiliaryPath(path: string): boolean {
  const folders = withoutPackages(path);
  return AUXILIARY.test(folders) || CAMEL_CASE.test(folders);
}

/** The default of `StackInput.isMinor`. */
export function isMinorPath(path: string): boolean {
  return isForeignPath(path) || isAuxiliaryPath(path);
}

/** JVM package names below `src/main` are not folders of the project: `org.springframework.samples` is no sample. */
function withoutPackages(path: string): string {
  const at = path.search(/(^|\/)src\/main\/(java|kotlin|scala|groovy|resources)\//);
  return at === -1 ? path : path.slice(0, at + 1);
}
