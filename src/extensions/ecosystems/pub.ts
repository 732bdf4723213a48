import { defineEcosystem, type DependencyScope } from "../../contracts/ecosystem.ts";
import { addVersion, baseName } from "./reading/lines.ts";
import { readYaml, scalarText } from "./reading/yaml.ts";

const SCOPES: readonly (readonly [string, DependencyScope])[] = [
  ["dependencies", "runtime"],
  ["dev_dependencies", "development"],
];

export default defineEcosystem({
  id: "pub",
  title: "pub",
  isManifest: (path) => baseName(path) === "pubspec.yaml",
  isLockFile: (path) => baseName(path) === "pubspec.lock",
  parseManifest: ({ text }) => {
    const yaml = readYaml(text);
    const name = yaml.text("name");
    const version = yaml.text("version");
    const dependencies = SCOPES.flatMap(([section, scope]) =>
      yaml.entries(section).map(({ key, value, line }) => {
        const detail = ["version", "sdk", "path", "url"].map((part) => yaml.text(section, key, part));
        const git = yaml.text(section, key, "git") ?? yaml.text(section, key, "git", "url");
        const requirement = scalarText(value) ?? detail.find((part) => part !== undefined) ?? git ?? "";
        return { name: key, requirement, scope, line };
      }),
    );
    return {
      ...(name === undefined ? {} : { packageName: name }),
      ...(version === undefined ? {} : { packageVersion: version }),
      dependencies,
      runtimes: yaml.entries("environment").flatMap(({ key, value, line }) => {
        const range = scalarText(value);
        if (range === undefined || (key !== "sdk" && key !== "flutter")) return [];
        return [{ name: key === "sdk" ? "Dart" : "Flutter", version: range, line }];
      }),
      entryPoints: yaml.entries("executables").map(({ key, value, line }) => ({
        name: key,
        target: `bin/${scalarText(value) ?? key}.dart`,
        line,
      })),
      workspaces: yaml.entries("workspace").flatMap(({ value }) => scalarText(value) ?? []),
      problems: yaml.problems,
    };
  },
  parseLockFile: ({ text }) => {
    const versions = new Map<string, string[]>();
    let name: string | undefined;
    for (const line of text.split("\n")) {
      name = /^ {2}(\w+):\s*$/.exec(line)?.[1] ?? name;
      const version = /^ {4}version: "?([^"\s]+)"?/.exec(line)?.[1];
      if (name !== undefined && version !== undefined) addVersion(versions, name, version);
    }
    return versions;
  },
});
