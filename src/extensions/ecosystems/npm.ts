import {
  defineEcosystem,
  type DeclaredDependency,
  type DependencyScope,
  type ManifestFacts,
} from "../../contracts/ecosystem.ts";
import { type JsonDocument, readJson, stringOf } from "./reading/json.ts";
import { baseName } from "./reading/lines.ts";
import { readBunLock, readNpmLock, readPnpmLock, readYarnLock } from "./reading/npm-locks.ts";
import { readYaml, scalarText } from "./reading/yaml.ts";
import { newestFitting } from "./reading/newest-fitting.ts";

const SCOPES: readonly (readonly [string, DependencyScope])[] = [
  ["dependencies", "runtime"],
  ["devDependencies", "development"],
  ["optionalDependencies", "optional"],
  ["peerDependencies", "peer"],
];
const RUNTIMES = new Map([
  ["node", "Node.js"],
  ["bun", "Bun"],
  ["deno", "Deno"],
  ["npm", "npm"],
  ["pnpm", "pnpm"],
  ["yarn", "Yarn"],
  ["vscode", "Visual Studio Code"],
]);
const LOCK_FILES = new Set([
  "package-lock.json",
  "npm-shrinkwrap.json",
  "yarn.lock",
  "pnpm-lock.yaml",
  "bun.lock",
]);

export default defineEcosystem({
  id: "npm",
  title: "npm",
  isManifest: (path) => /(^|\/)(package\.json|pnpm-workspace\.ya?ml)$/.test(path),
  isLockFile: (path) => LOCK_FILES.has(baseName(path)),
  parseManifest: ({ path, text }) =>
    path.endsWith(".json") ? readPackage(readJson(text)) : readPnpmWorkspace(text),
  chooseVersion: newestFitting,
  parseLockFile: ({ path, text }) => {
    const name = baseName(path);
    if (name === "yarn.lock") return readYarnLock(text);
    if (name === "pnpm-lock.yaml") return readPnpmLock(text);
    return name === "bun.lock" ? readBunLock(text) : readNpmLock(text);
  },
});

function readPackage(json: JsonDocument): ManifestFacts {
  const dependencies = SCOPES.flatMap(([section, scope]) =>
    json.entries(json.at(section)).map(({ key, value, line }) => ({
      name: key,
      requirement: stringOf(value) ?? "",
      scope,
      line,
    })),
  );
  const name = json.text("name");
  const version = json.text("version");
  const licence = json.text("license") ?? json.text("license", "type") ?? oldLicences(json);
  const workspaces = json.at("workspaces", "packages") ?? json.at("workspaces");
  return {
    ...(name === undefined ? {} : { packageName: name }),
    ...(version === undefined ? {} : { packageVersion: version }),
    ...(licence === undefined ? {} : { licence }),
    dependencies,
    runtimes: readRuntimes(json),
    scripts: json.entries(json.at("scripts")).flatMap(({ key, value, line }) => {
      const command = stringOf(value);
      return command === undefined ? [] : [{ name: key, command, line }];
    }),
    entryPoints: readEntryPoints(json, name),
    workspaces:
      workspaces?.type === "array"
        ? json.entries(workspaces).flatMap(({ value }) => stringOf(value) ?? [])
        : [],
    problems: json.problems,
  };
}

function oldLicences(json: JsonDocument): string | undefined {
  const names = json
    .entries(json.at("licenses"))
    .flatMap(({ key }) => json.text("licenses", Number(key), "type") ?? []);
  return names.length === 0 ? undefined : names.join(" OR ");
}

function readRuntimes(json: JsonDocument): ManifestFacts["runtimes"] & {} {
  const found = [...json.entries(json.at("engines")), ...json.entries(json.at("volta"))].flatMap(
    ({ key, value, line }) => {
      const name = RUNTIMES.get(key);
      const version = stringOf(value);
      return name === undefined || version === undefined ? [] : [{ name, version, line }];
    },
  );
  const manager = json.at("packageManager");
  const match = /^(npm|pnpm|yarn|bun)@([^+]+)/.exec(stringOf(manager) ?? "");
  if (manager !== undefined && match !== null)
    found.push({
      name: RUNTIMES.get(match[1] ?? "") ?? "",
      version: match[2] ?? "",
      line: json.line(manager),
    });
  return found;
}

function readEntryPoints(
  json: JsonDocument,
  packageName: string | undefined,
): ManifestFacts["entryPoints"] & {} {
  const bin = json.at("bin");
  const short = packageName?.replace(/^@[^/]*\//, "") ?? "bin";
  const points = json
    .entries(bin)
    .flatMap(({ key, value, line }) => ({ name: key, target: stringOf(value) ?? "", line }));
  const single = stringOf(bin);
  if (bin !== undefined && single !== undefined)
    points.push({ name: short, target: single, line: json.line(bin) });
  const main = json.at("main");
  const target = stringOf(main);
  if (main !== undefined && target !== undefined)
    points.push({ name: "main", target, line: json.line(main) });
  return points;
}

function readPnpmWorkspace(text: string): ManifestFacts {
  const yaml = readYaml(text);
  const catalogs = [["catalog"], ...yaml.entries("catalogs").map(({ key }) => ["catalogs", key])];
  const dependencies: DeclaredDependency[] = catalogs.flatMap((path) =>
    yaml.entries(...path).map(({ key, value, line }) => ({
      name: key,
      requirement: scalarText(value) ?? "",
      scope: "runtime" as const,
      line,
      shared: true as const,
    })),
  );
  const workspaces = yaml.entries("packages").flatMap(({ value }) => scalarText(value) ?? []);
  return { dependencies, workspaces, problems: yaml.problems };
}
