import { defineEcosystem, type DeclaredDependency, type DependencyScope } from "../../contracts/ecosystem.ts";
import { asObject } from "./reading/json.ts";
import { addVersion, baseName } from "./reading/lines.ts";
import { newestFitting } from "./reading/newest-fitting.ts";
import { readLockedPackages, readToml, type TomlDocument } from "./reading/toml.ts";

const SECTIONS: readonly (readonly [string, DependencyScope])[] = [
  ["dependencies", "runtime"],
  ["dev-dependencies", "development"],
  ["dev_dependencies", "development"],
  ["build-dependencies", "build"],
  ["build_dependencies", "build"],
];

export default defineEcosystem({
  id: "cargo",
  title: "Cargo",
  isManifest: (path) => baseName(path) === "Cargo.toml",
  isLockFile: (path) => baseName(path) === "Cargo.lock",
  parseManifest: ({ text }) => {
    const toml = readToml(text);
    const targets = toml.entries("target").map(({ key }) => ["target", key]);
    const dependencies = [[], ...targets].flatMap((base) =>
      SECTIONS.flatMap(([section, scope]) => readSection(toml, [...base, section], scope)),
    );
    for (const entry of readSection(toml, ["workspace", "dependencies"], "runtime"))
      dependencies.push({ ...entry, shared: true });
    const name = toml.text("package", "name");
    const version = toml.text("package", "version") ?? toml.text("workspace", "package", "version");
    const licence = toml.text("package", "license") ?? toml.text("workspace", "package", "license");
    const members = toml.strings("workspace", "members").map(({ value }) => value);
    return {
      ...(name === undefined ? {} : { packageName: name }),
      ...(version === undefined ? {} : { packageVersion: version }),
      ...(licence === undefined ? {} : { licence }),
      dependencies,
      runtimes: [["package"], ["workspace", "package"]].flatMap((path) => {
        const rust = toml.text(...path, "rust-version");
        return rust === undefined
          ? []
          : [{ name: "Rust", version: rust, line: toml.line(...path, "rust-version") }];
      }),
      entryPoints: readBinaries(toml, name),
      workspaces: [...members, ...toml.strings("workspace", "exclude").map(({ value }) => `!${value}`)],
      problems: toml.problems,
    };
  },
  // A bare version is a caret range in Cargo.
  chooseVersion: (requirement, versions) => newestFitting(requirement.replace(/^(?=\d)/, "^"), versions),
  parseLockFile: ({ text }) => {
    const versions = new Map<string, string[]>();
    for (const { name, version } of readLockedPackages(text)) addVersion(versions, name, version);
    return versions;
  },
});

function readSection(
  toml: TomlDocument,
  path: readonly string[],
  scope: DependencyScope,
): DeclaredDependency[] {
  return toml.entries(...path).map(({ key, value, line }) => {
    const table = asObject(value);
    const renamed = table?.["package"];
    return {
      name: typeof renamed === "string" ? renamed : key,
      requirement: typeof value === "string" ? value : requirementOf(table),
      scope: table?.["optional"] === true ? "optional" : scope,
      line: typeof renamed === "string" ? toml.line(...path, key, "package") : line,
    };
  });
}

/** The version, else where it comes from, written as Cargo's package id specifications do. */
function requirementOf(table: Readonly<Record<string, unknown>> | undefined): string {
  if (typeof table?.["version"] === "string") return table["version"];
  if (table?.["workspace"] === true) return "workspace";
  if (typeof table?.["path"] === "string") return `path+${table["path"]}`;
  return typeof table?.["git"] === "string" ? `git+${table["git"]}` : "";
}

function readBinaries(
  toml: TomlDocument,
  packageName: string | undefined,
): { name: string; target: string; line: number }[] {
  const list = toml.at("bin");
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown, index) => {
    const name = asObject(item)?.["name"];
    const path = asObject(item)?.["path"];
    if (typeof name !== "string") return [];
    const usual = name === packageName ? "src/main.rs" : `src/bin/${name}.rs`;
    return [{ name, target: typeof path === "string" ? path : usual, line: toml.line("bin", index, "name") }];
  });
}
