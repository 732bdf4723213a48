import { defineEcosystem, type DeclaredDependency, type ManifestFacts } from "../../contracts/ecosystem.ts";
import { asObject, parseJsonObject } from "./reading/json.ts";
import { addVersion, baseName } from "./reading/lines.ts";
import { childOf, descendantsOf, readXml, type XmlElement } from "./reading/xml.ts";

export default defineEcosystem({
  id: "nuget",
  title: "NuGet",
  isManifest: (path) =>
    /\.(cs|fs|vb)proj$|(^|\/)(packages\.config|Directory\.(Packages|Build)\.(props|targets))$/i.test(path),
  isLockFile: (path) => baseName(path) === "packages.lock.json",
  parseManifest: ({ path, text }) => {
    const { root, problems } = readXml(text);
    if (baseName(path).toLowerCase() === "packages.config")
      return { dependencies: readPackagesConfig(root), problems };
    return { ...readProject(root), problems };
  },
  parseLockFile: ({ text }) => {
    const versions = new Map<string, string[]>();
    for (const framework of Object.values(asObject(parseJsonObject(text)?.["dependencies"]) ?? {}))
      for (const [name, value] of Object.entries(asObject(framework) ?? {})) {
        const version = asObject(value)?.["resolved"];
        if (typeof version === "string") addVersion(versions, name.toLowerCase(), version);
      }
    return versions;
  },
  normaliseName: (name) => name.toLowerCase(),
});

function readPackagesConfig(root: XmlElement | undefined): DeclaredDependency[] {
  return descendantsOf(root, "package").flatMap(({ attributes, line }) => {
    const name = attributes["id"];
    if (name === undefined) return [];
    const scope = attributes["developmentDependency"] === "true" ? "development" : "runtime";
    return [{ name, requirement: attributes["version"] ?? "", scope, line }];
  });
}

function readProject(root: XmlElement | undefined): ManifestFacts {
  const properties = new Map<string, XmlElement>();
  for (const group of descendantsOf(root, "PropertyGroup"))
    for (const element of group.children)
      if (!properties.has(element.name)) properties.set(element.name, element);
  const resolve = (text: string): string =>
    text.replaceAll(/\$\(([\w.]+)\)/g, (whole, name: string) => properties.get(name)?.text ?? whole);
  const valueOf = (...names: readonly string[]): string | undefined => {
    const text = names.map((name) => properties.get(name)?.text ?? "").find((value) => value !== "");
    return text === undefined || text.includes("$(") ? undefined : text;
  };
  const dependencies: DeclaredDependency[] = [];
  for (const element of descendantsOf(root, "PackageReference"))
    dependencies.push(...toDependency(element, resolve));
  for (const element of descendantsOf(root, "GlobalPackageReference"))
    dependencies.push(...toDependency(element, resolve));
  for (const element of descendantsOf(root, "PackageVersion"))
    dependencies.push(...asShared(toDependency(element, resolve)));
  const sdk = root?.attributes["Sdk"];
  if (root !== undefined && sdk !== undefined && sdk !== "Microsoft.NET.Sdk") {
    const [name = "", requirement = ""] = sdk.split("/");
    dependencies.push({ name, requirement, scope: "build", line: root.line });
  }
  for (const element of descendantsOf(root, "Sdk")) {
    const name = element.attributes["Name"];
    if (name !== undefined)
      dependencies.push({
        name,
        requirement: element.attributes["Version"] ?? "",
        scope: "build",
        line: element.line,
      });
  }
  const name = valueOf("PackageId", "AssemblyName");
  const version = valueOf("PackageVersion", "Version", "VersionPrefix");
  const licence = valueOf("PackageLicenseExpression");
  const target = properties.get("TargetFrameworks") ?? properties.get("TargetFramework");
  return {
    ...(name === undefined ? {} : { packageName: name }),
    ...(version === undefined ? {} : { packageVersion: version }),
    ...(licence === undefined ? {} : { licence }),
    dependencies: dependencies.sort((a, b) => a.line - b.line),
    runtimes:
      target === undefined
        ? []
        : resolve(target.text)
            .split(";")
            .filter((version) => version !== "" && !version.includes("$("))
            .map((version) => ({ name: ".NET", version: version.trim(), line: target.line })),
  };
}

function toDependency(element: XmlElement, resolve: (text: string) => string): DeclaredDependency[] {
  const name = element.attributes["Include"] ?? element.attributes["Update"];
  if (name === undefined || name === "" || name.includes("$(")) return [];
  const version =
    element.attributes["Version"] ??
    element.attributes["VersionOverride"] ??
    childOf(element, "Version")?.text;
  const isPrivate =
    (element.attributes["PrivateAssets"] ?? childOf(element, "PrivateAssets")?.text)?.toLowerCase() === "all";
  const isTest =
    /^(xunit|nunit|mstest|microsoft\.net\.test\.sdk|coverlet|moq$|nsubstitute|fluentassertions|verify\.)/i.test(
      name,
    );
  const scope = isTest ? "test" : isPrivate ? "development" : "runtime";
  return [{ name, requirement: resolve(version ?? ""), scope, line: element.line }];
}

function asShared(dependencies: readonly DeclaredDependency[]): DeclaredDependency[] {
  return dependencies.map((entry) => Object.assign(entry, { shared: true as const }));
}
