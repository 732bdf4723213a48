import { defineEcosystem, type DependencyScope } from "../../contracts/ecosystem.ts";
import { asObject, parseJsonObject, readJson, stringOf } from "./reading/json.ts";
import { addVersion, baseName } from "./reading/lines.ts";

const SCOPES: readonly (readonly [string, DependencyScope])[] = [
  ["require", "runtime"],
  ["require-dev", "development"],
];

export default defineEcosystem({
  id: "composer",
  title: "Composer",
  isManifest: (path) => baseName(path) === "composer.json",
  isLockFile: (path) => baseName(path) === "composer.lock",
  parseManifest: ({ text }) => {
    const json = readJson(text);
    const required = SCOPES.flatMap(([section, scope]) =>
      json
        .entries(json.at(section))
        .map(({ key, value, line }) => ({ name: key, requirement: stringOf(value) ?? "", scope, line })),
    );
    const php = required.find(({ name }) => name === "php" || name === "php-64bit");
    const name = json.text("name");
    const version = json.text("version");
    const choices = json.entries(json.at("license")).flatMap(({ value }) => stringOf(value) ?? []);
    const licence = json.text("license") ?? (choices.length === 0 ? undefined : choices.join(" OR "));
    return {
      ...(name === undefined ? {} : { packageName: name }),
      ...(version === undefined ? {} : { packageVersion: version }),
      ...(licence === undefined ? {} : { licence }),
      // Platform packages (php, ext-json, lib-curl) have no vendor and are not installed by Composer.
      dependencies: required.filter((dependency) => dependency.name.includes("/")),
      runtimes: php === undefined ? [] : [{ name: "PHP", version: php.requirement, line: php.line }],
      scripts: json.entries(json.at("scripts")).flatMap(({ key, value, line }) => {
        const list = json
          .entries(value)
          .flatMap((entry) => (value.type === "array" ? (stringOf(entry.value) ?? []) : []));
        const command = stringOf(value) ?? list.join(" && ");
        return command === "" ? [] : [{ name: key, command, line }];
      }),
      entryPoints: json.entries(json.at("bin")).flatMap(({ value, line }) => {
        const target = stringOf(value);
        return target === undefined ? [] : [{ name: baseName(target), target, line }];
      }),
      problems: json.problems,
    };
  },
  parseLockFile: ({ text }) => {
    const versions = new Map<string, string[]>();
    const root = parseJsonObject(text);
    for (const section of [root?.["packages"], root?.["packages-dev"]])
      for (const item of Array.isArray(section) ? (section as readonly unknown[]) : []) {
        const { name, version } = asObject(item) ?? {};
        if (typeof name === "string" && typeof version === "string") addVersion(versions, name, version);
      }
    return versions;
  },
});
