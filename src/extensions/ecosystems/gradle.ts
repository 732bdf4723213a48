import {
  defineEcosystem,
  type DeclaredDependency,
  type DependencyScope,
  type ManifestFacts,
} from "../../contracts/ecosystem.ts";
import { readCatalog } from "./reading/gradle-catalog.ts";
import { addVersion, baseName, createLineFinder } from "./reading/lines.ts";

const CONFIGURATION =
  "(?:\\w*(?:[iI]mplementation|[aA]pi|[cC]ompileOnly|[rR]untimeOnly|[aA]nnotationProcessor)|compile|runtime|testCompile|testRuntime|provided|kapt\\w*|ksp\\w*|classpath|coreLibraryDesugaring|developmentOnly)";
const COORDINATES = new RegExp(
  `^[ \\t]*(${CONFIGURATION})[\\s(]+(?:(?:platform|enforcedPlatform|dependencies\\.create)\\s*\\(?\\s*)?["']([\\w.-]+:[\\w.-]+)(?::([^"'@]*))?[^"'\\n]*["']`,
  "gm",
);
const NAMED = new RegExp(
  `^[ \\t]*(${CONFIGURATION})[\\s(]+group\\s*[:=]\\s*["']([^"']+)["']\\s*,\\s*name\\s*[:=]\\s*["']([^"']+)["'](?:\\s*,\\s*version\\s*[:=]\\s*["']([^"']+)["'])?`,
  "gm",
);
const PLUGIN =
  /^[ \t]*(?:id[\s(]+["']([\w.-]+)["']\)?|kotlin\("([\w.-]+)"\))(?:\s*version[\s(]*["']([^"']+)["'])?/gm;
const JAVA =
  /JavaLanguageVersion\.of\(\s*["']?(\d+)|(?:sourceCompatibility|targetCompatibility)\s*[=(]?\s*(?:JavaVersion\.VERSION_|["'])?([\d._]+)|jvmToolchain\s*[({]\s*(\d+)/;

export default defineEcosystem({
  id: "gradle",
  title: "Gradle",
  isManifest: (path) => /(^|\/)((build|settings)\.gradle(\.kts)?|[^/]*\.versions\.toml)$/.test(path),
  isLockFile: (path) => /(^|\/)(gradle|buildscript-gradle)\.lockfile$/.test(path),
  parseManifest: ({ path, text }) => {
    if (path.endsWith(".toml")) return readCatalog(text);
    if (text.includes("\u0000"))
      return { problems: [{ message: "Not a Gradle script: it holds binary data." }] };
    return baseName(path).startsWith("settings.") ? readSettings(text) : readBuild(text);
  },
  parseLockFile: ({ text }) => {
    const versions = new Map<string, string[]>();
    for (const match of text.matchAll(/^([^#\s:=]+:[^\s:=]+):([^\s=]+)=/gm))
      addVersion(versions, match[1] ?? "", match[2] ?? "");
    return versions;
  },
});

function scopeOf(configuration: string): DependencyScope {
  if (/^(test|androidTest|integrationTest|functionalTest)|Test[A-Z]/.test(configuration)) return "test";
  if (configuration === "developmentOnly" || configuration.startsWith("debug")) return "development";
  return /compileOnly|provided|classpath|kapt|ksp|annotationProcessor/i.test(configuration)
    ? "build"
    : "runtime";
}

function readBuild(source: string): ManifestFacts {
  const lineAt = createLineFinder(source);
  const text = blankComments(source);
  const variables = new Map<string, string>();
  for (const match of text.matchAll(/(?:^|[\s.])(\w+)\s*(?:=|,)\s*["']([^"'\n$]+)["']/gm))
    if (!variables.has(match[1] ?? "")) variables.set(match[1] ?? "", match[2] ?? "");
  const resolve = (version: string): string =>
    version.replaceAll(/\$\{?(?:[\w.]+\.)?(\w+)\}?/g, (whole, name: string) => variables.get(name) ?? whole);
  const dependencies: DeclaredDependency[] = [];
  for (const match of text.matchAll(COORDINATES)) {
    const [whole, configuration = "", name = "", version = ""] = match;
    const line = lineAt(match.index + whole.indexOf(name));
    dependencies.push({ name, requirement: resolve(version), scope: scopeOf(configuration), line });
  }
  for (const match of text.matchAll(NAMED)) {
    const [whole, configuration = "", group = "", artifact = "", version = ""] = match;
    const line = lineAt(match.index + whole.indexOf(artifact));
    dependencies.push({
      name: `${group}:${artifact}`,
      requirement: resolve(version),
      scope: scopeOf(configuration),
      line,
    });
  }
  for (const match of text.matchAll(PLUGIN)) {
    const name = match[1] ?? `org.jetbrains.kotlin.${match[2] ?? ""}`;
    // `java`, `checkstyle` and the like come with Gradle itself.
    if (!name.includes(".")) continue;
    dependencies.push({
      name,
      requirement: resolve(match[3] ?? ""),
      scope: "build",
      line: lineAt(match.index + match[0].search(/\S/)),
    });
  }
  const java = JAVA.exec(text);
  const main = /mainClass(?:Name)?(?:\.set)?\s*[=(]?\s*["']([\w.$]+)["']/.exec(text);
  return {
    dependencies: dependencies.sort((a, b) => a.line - b.line),
    runtimes:
      java === null
        ? []
        : [
            {
              name: "Java",
              version: (java[1] ?? java[2] ?? java[3] ?? "").replaceAll("_", "."),
              line: lineAt(java.index),
            },
          ],
    entryPoints:
      main === null ? [] : [{ name: "main class", target: main[1] ?? "", line: lineAt(main.index) }],
  };
}

function readSettings(source: string): ManifestFacts {
  const text = blankComments(source);
  const name = /rootProject\.name\s*=\s*["']([^"']+)["']/.exec(text)?.[1];
  const build = readBuild(source);
  const workspaces = [...text.matchAll(/^[ \t]*include\b[\s(]*((?:["'][^"'\n]+["'][\s,)]*)+)/gm)].flatMap(
    (match) =>
      [...(match[1] ?? "").matchAll(/["']([^"']+)["']/g)].map((item) =>
        (item[1] ?? "").replace(/^:/, "").replaceAll(":", "/"),
      ),
  );
  return {
    ...(name === undefined ? {} : { packageName: name }),
    dependencies: build.dependencies ?? [],
    workspaces,
  };
}

/** Comments as spaces, so that offsets and lines stay. */
function blankComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|(^|[\s;{}])\/\/[^\n]*/g, (comment) =>
    comment.replaceAll(/[^\n]/g, " "),
  );
}
