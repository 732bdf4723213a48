import {
  defineEcosystem,
  type DeclaredDependency,
  type DeclaredRuntime,
  type DependencyScope,
} from "../../contracts/ecosystem.ts";
import { baseName } from "./reading/lines.ts";
import { childOf, descendantsOf, readXml, type XmlElement } from "./reading/xml.ts";

const SCOPES: Readonly<Record<string, DependencyScope>> = {
  test: "test",
  provided: "build",
  system: "build",
};
const JAVA_PROPERTIES = [
  "maven.compiler.release",
  "java.version",
  "maven.compiler.source",
  "maven.compiler.target",
];

export default defineEcosystem({
  id: "maven",
  title: "Maven",
  isManifest: (path) => baseName(path) === "pom.xml",
  isLockFile: () => false,
  parseManifest: ({ text }) => {
    const { root, problems } = readXml(text);
    if (root?.name !== "project")
      return {
        problems:
          problems.length > 0 ? problems : [{ message: "Not a Maven project: no <project>.", line: 1 }],
      };
    const resolve = createResolver(root);
    const profiles = childOf(root, "profiles")?.children ?? [];
    const dependencies: DeclaredDependency[] = [];
    const parent = childOf(root, "parent");
    if (parent !== undefined) dependencies.push(...toDependency(parent, "build", resolve));
    for (const base of [root, ...profiles]) {
      for (const element of childOf(base, "dependencies")?.children ?? [])
        dependencies.push(...toDependency(element, "runtime", resolve));
      for (const element of childOf(base, "dependencyManagement", "dependencies")?.children ?? [])
        dependencies.push(...asShared(toDependency(element, "runtime", resolve)));
      for (const element of childOf(base, "build", "plugins")?.children ?? [])
        dependencies.push(...toDependency(element, "build", resolve));
      for (const element of childOf(base, "build", "pluginManagement", "plugins")?.children ?? [])
        dependencies.push(...asShared(toDependency(element, "build", resolve)));
    }
    const group = childOf(root, "groupId")?.text ?? childOf(parent, "groupId")?.text;
    const artifact = childOf(root, "artifactId")?.text;
    const version = resolve(childOf(root, "version")?.text ?? childOf(parent, "version")?.text ?? "");
    const licences = descendantsOf(childOf(root, "licenses"), "name").map((element) => element.text);
    return {
      ...(artifact === undefined
        ? {}
        : { packageName: group === undefined ? artifact : `${resolve(group)}:${artifact}` }),
      ...(version === "" ? {} : { packageVersion: version }),
      ...(licences.length === 0 ? {} : { licence: licences.join(" OR ") }),
      dependencies,
      runtimes: readJava(root, resolve),
      entryPoints: descendantsOf(childOf(root, "build"), "mainClass").map(({ text, line }) => ({
        name: "main class",
        target: resolve(text),
        line,
      })),
      workspaces: [root, ...profiles].flatMap((base) =>
        (childOf(base, "modules")?.children ?? []).map((element) => element.text),
      ),
      problems,
    };
  },
  parseLockFile: () => new Map(),
});

/** Replaces `${name}` by the properties of this file; what a parent pom defines stays as written. */
function createResolver(root: XmlElement): (text: string) => string {
  const properties = new Map<string, string>();
  for (const element of childOf(root, "properties")?.children ?? [])
    properties.set(element.name, element.text);
  for (const name of ["version", "groupId", "artifactId"]) {
    const value = childOf(root, name)?.text ?? childOf(root, "parent", name)?.text;
    if (value !== undefined) properties.set(`project.${name}`, value).set(`pom.${name}`, value);
    const inherited = childOf(root, "parent", name)?.text;
    if (inherited !== undefined) properties.set(`project.parent.${name}`, inherited);
  }
  const resolve = (text: string, depth = 0): string =>
    depth > 5
      ? text
      : text.replaceAll(/\$\{([^}]+)\}/g, (whole, name: string) => {
          const value = properties.get(name);
          return value === undefined || value === whole || value.length > 200
            ? whole
            : resolve(value, depth + 1);
        });
  return (text) => resolve(text);
}

function toDependency(
  element: XmlElement,
  fallback: DependencyScope,
  resolve: (text: string) => string,
): DeclaredDependency[] {
  const artifact = childOf(element, "artifactId");
  if (artifact === undefined || artifact.text === "") return [];
  const group = childOf(element, "groupId")?.text ?? "org.apache.maven.plugins";
  const scope = SCOPES[childOf(element, "scope")?.text ?? ""] ?? fallback;
  return [
    {
      name: `${resolve(group)}:${resolve(artifact.text)}`,
      requirement: resolve(childOf(element, "version")?.text ?? ""),
      scope: childOf(element, "optional")?.text === "true" ? "optional" : scope,
      line: artifact.line,
    },
  ];
}

function readJava(root: XmlElement, resolve: (text: string) => string): DeclaredRuntime[] {
  const properties = childOf(root, "properties")?.children ?? [];
  for (const name of JAVA_PROPERTIES) {
    const element = properties.find((child) => child.name === name);
    if (element !== undefined) return [{ name: "Java", version: resolve(element.text), line: element.line }];
  }
  const compiler = descendantsOf(childOf(root, "build"), "plugin").find(
    (plugin) => childOf(plugin, "artifactId")?.text === "maven-compiler-plugin",
  );
  const release =
    childOf(compiler, "configuration", "release") ?? childOf(compiler, "configuration", "source");
  return release === undefined ? [] : [{ name: "Java", version: resolve(release.text), line: release.line }];
}

function asShared(dependencies: readonly DeclaredDependency[]): DeclaredDependency[] {
  return dependencies.map((entry) => Object.assign(entry, { shared: true as const }));
}
