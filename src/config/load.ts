import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parse as parseToml, TomlError } from "smol-toml";
import { closest } from "../base/closest.ts";
import { AppError } from "../base/errors.ts";
import {
  commonEnvironmentName,
  environmentName,
  flagName,
  isSecret,
  settingKeys,
  settings,
  type Config,
  type SettingKey,
} from "./schema.ts";

/** Where a value came from, the strongest last. */
export type Origin =
  | { readonly kind: "default" }
  | { readonly kind: "user file" | "project file"; readonly path: string }
  | { readonly kind: "environment"; readonly name: string }
  | { readonly kind: "flag"; readonly name: string };

export interface LoadedConfig {
  readonly values: Config;
  readonly origins: Readonly<Record<SettingKey, Origin>>;
}

export interface ConfigInput {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Values of setting flags by key, as text. */
  readonly flags: Readonly<Partial<Record<SettingKey, string>>>;
  /** Folder from which `repowright.toml` is looked for, upwards. */
  readonly cwd: string;
}

const projectFileName = "repowright.toml";
const maxFileBytes = 2 ** 20;
/** Settings that a project file may not change: a repository one merely visits must not redirect or unlock anything. */
const operatorOnly =
  /^(data_dir$|(git|log|cache|database|redis|server|worker|jobs|tracing|llm|webhooks|hosts)\.)/;
/** Settings that it may only tighten: they are there to hold such a repository within bounds. */
const tightenOnly = /^limits\./;

/**
 * Default < user file < project file < environment < flag, each value with its origin.
 * @throws AppError `config-invalid` naming the value, where it stands and what was expected.
 */
export function loadConfig(input: ConfigInput): LoadedConfig {
  const layers: {
    readonly origin: (key: SettingKey) => Origin;
    readonly values: ReadonlyMap<string, unknown>;
  }[] = [];
  const userFile = join(
    input.environment["XDG_CONFIG_HOME"] || join(homeOf(input), ".config"),
    "repowright",
    "config.toml",
  );
  const userValues = readSettingsFile(userFile, false);
  if (userValues) layers.push({ origin: () => ({ kind: "user file", path: userFile }), values: userValues });
  const projectFile = findUpwards(input.cwd, projectFileName);
  const projectValues = projectFile === null ? null : readSettingsFile(projectFile, true);
  if (projectFile !== null && projectValues)
    layers.push({ origin: () => ({ kind: "project file", path: projectFile }), values: projectValues });
  layers.push({
    origin: (key) => ({ kind: "environment", name: commonEnvironmentName(key) ?? "" }),
    values: new Map(
      settingKeys.flatMap((key) => {
        const value = input.environment[commonEnvironmentName(key) ?? ""];
        return value === undefined ? [] : [[key, value] as const];
      }),
    ),
  });
  layers.push({
    origin: (key) => ({ kind: "environment", name: environmentName(key) }),
    values: new Map(
      settingKeys.flatMap((key) => {
        const value = input.environment[environmentName(key)];
        return value === undefined ? [] : [[key, value] as const];
      }),
    ),
  });
  layers.push({
    origin: (key) => ({ kind: "flag", name: `--${flagName(key)}` }),
    values: new Map(Object.entries(input.flags)),
  });

  const values: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  for (const key of settingKeys) {
    let origin: Origin = { kind: "default" };
    let value = parseValue(key, undefined, origin);
    for (const layer of layers)
      if (layer.values.has(key)) {
        const stronger = parseValue(key, layer.values.get(key), layer.origin(key));
        if (
          layer.origin(key).kind === "project file" &&
          tightenOnly.test(key) &&
          Number(stronger) > Number(value)
        )
          throw new AppError(
            "config-invalid",
            `Setting ${key} (${describeOrigin(layer.origin(key))}): ${String(stronger)} is above ${String(value)} (${describeOrigin(origin)}); a project file may lower a limit, not raise it.`,
          );
        value = stronger;
        origin = layer.origin(key);
      }
    values[key] = value;
    origins[key] = origin;
  }
  if (values["data_dir"] === "") values["data_dir"] = defaultDataDir(input);
  values["data_dir"] = resolve(input.cwd, String(values["data_dir"]));
  return { values: values as Config, origins: origins as Record<SettingKey, Origin> };
}

function parseValue(key: SettingKey, raw: unknown, origin: Origin): unknown {
  const parsed = settings[key].safeParse(raw);
  if (parsed.success) return parsed.data;
  const shown = isSecret(key) ? "the value" : JSON.stringify(raw);
  const expected = parsed.error.issues.map((issue) => issue.message).join("; ");
  throw new AppError(
    "config-invalid",
    `Setting ${key} (${describeOrigin(origin)}): ${shown} does not fit: ${expected}.`,
  );
}

export function describeOrigin(origin: Origin): string {
  if (origin.kind === "default") return "default";
  return "path" in origin ? `${origin.kind} ${origin.path}` : `${origin.kind} ${origin.name}`;
}

function homeOf(input: ConfigInput): string {
  return input.environment["HOME"] || homedir();
}

function defaultDataDir(input: ConfigInput): string {
  return join(input.environment["XDG_DATA_HOME"] || join(homeOf(input), ".local", "share"), "repowright");
}

function findUpwards(from: string, name: string): string | null {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const candidate = join(folder, name);
    if (readText(candidate) !== null) return candidate;
    if (dirname(folder) === folder) return null;
  }
}

/** Null when there is no such file. A repository may hold a link to `/dev/zero` under this name, so only files count. */
function readText(path: string): string | null {
  try {
    const info = statSync(path);
    if (!info.isFile()) return null;
    if (info.size > maxFileBytes)
      throw new AppError(
        "config-invalid",
        `${path} has ${info.size} bytes; a settings file has at most ${maxFileBytes}.`,
      );
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof AppError) throw error;
    return null;
  }
}

function readSettingsFile(path: string, isProject: boolean): ReadonlyMap<string, unknown> | null {
  const text = readText(path);
  if (text === null) return null;
  let parsed: unknown;
  try {
    parsed = parseToml(text);
  } catch (error) {
    throw new AppError("config-invalid", `${path}${describeTomlError(error)}`);
  }
  const flat = new Map<string, unknown>();
  flatten(parsed, "", flat);
  for (const key of flat.keys()) {
    // What a repository wants of its reviews is no setting of the program: core/review reads it, from the commit.
    if (isProject && key.startsWith("review.")) {
      flat.delete(key);
      continue;
    }
    if (!settingKeys.includes(key as SettingKey)) {
      const near = settingKeys.find((known) => known.endsWith(`.${key}`)) ?? closest(key, settingKeys);
      throw new AppError(
        "config-invalid",
        `${path} sets ${key}, which is not a setting.${near ? ` Did you mean ${near}?` : ""}`,
      );
    }
    if (isProject && operatorOnly.test(key))
      throw new AppError(
        "config-invalid",
        `${path} sets ${key}, which only the user file, the environment or a flag may set.`,
      );
  }
  return flat;
}

/** Only the first line of what the parser says: the rest quotes the file, which may hold tokens. */
function describeTomlError(error: unknown): string {
  if (!(error instanceof TomlError)) return ` is not valid TOML: ${String(error)}`;
  const says = error.message.split("\n")[0]!.replace(/^Invalid TOML document: /, "");
  return `:${error.line}:${error.column} is not valid TOML: ${says}.`;
}

function flatten(value: unknown, prefix: string, into: Map<string, unknown>): void {
  for (const [name, item] of Object.entries(value as Record<string, unknown>)) {
    const key = prefix === "" ? name : `${prefix}.${name}`;
    const isLeaf =
      typeof item !== "object" ||
      item === null ||
      Array.isArray(item) ||
      item instanceof Date ||
      settingKeys.includes(key as SettingKey);
    if (isLeaf) into.set(key, item);
    else flatten(item, key, into);
  }
}
