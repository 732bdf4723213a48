import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { closest } from "../base/closest.ts";
import { AppError } from "../base/errors.ts";
import { flagName, isSecret, settingKeys, type SettingKey } from "../config/schema.ts";
import type { CommandDefinition, CommandEntry } from "../contracts/command.ts";

/** Finds the command that the arguments begin with; longer names win. */
export function findCommand(
  args: readonly string[],
  commands: readonly CommandEntry[],
): { readonly entry: CommandEntry; readonly rest: readonly string[] } | null {
  const byLength = [...commands].sort((a, b) => b.name.length - a.name.length);
  for (const entry of byLength) {
    const words = entry.name.split(" ");
    if (words.every((word, index) => args[index] === word)) return { entry, rest: args.slice(words.length) };
  }
  return null;
}

export interface ParsedArguments {
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly settings: Readonly<Partial<Record<SettingKey, string>>>;
  readonly wantsHelp: boolean;
}

/** Reads the arguments of one command. @throws AppError `usage` */
export function parseArguments(command: CommandDefinition, args: readonly string[]): ParsedArguments {
  const config: ParseArgsOptionsConfig = { help: { type: "boolean", short: "h" } };
  const settingByFlag = new Map<string, SettingKey>();
  for (const key of settingKeys)
    if (!isSecret(key)) {
      settingByFlag.set(flagName(key), key);
      config[flagName(key)] = { type: "string" };
    }
  for (const [name, option] of Object.entries(command.options))
    config[name] = { type: option.type, ...(option.short === undefined ? {} : { short: option.short }) };
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args: [...args], options: config, allowPositionals: true, strict: true });
  } catch (error) {
    throw usageError(command, error);
  }
  const values = parsed.values as Record<string, string | boolean | undefined>;
  const wantsHelp = values["help"] === true;
  const required = command.positionals.filter((positional) => positional.required);
  if (!wantsHelp && parsed.positionals.length < required.length)
    throw new AppError(
      "usage",
      `repowright ${command.name} needs ${required[parsed.positionals.length]!.name}.`,
    );
  if (
    parsed.positionals.length > command.positionals.length &&
    command.positionals.at(-1)?.isRepeated !== true
  )
    throw new AppError(
      "usage",
      `repowright ${command.name} takes ${command.positionals.length === 0 ? "no arguments" : `at most ${command.positionals.length}`}; ${JSON.stringify(parsed.positionals[command.positionals.length])} is one too many.`,
    );
  const options: Record<string, string | boolean | undefined> = {};
  for (const [name, option] of Object.entries(command.options))
    options[name] = values[name] ?? (option.type === "boolean" ? false : undefined);
  const settings: Partial<Record<SettingKey, string>> = {};
  for (const [name, key] of settingByFlag) if (typeof values[name] === "string") settings[key] = values[name];
  return { positionals: parsed.positionals, options, settings, wantsHelp };
}

function usageError(command: CommandDefinition, error: unknown): AppError {
  const message = error instanceof Error ? error.message : String(error);
  const unknown = /Unknown option '(-[^']*)'/.exec(message)?.[1];
  if (unknown !== undefined) {
    const known = [
      ...Object.keys(command.options),
      ...settingKeys.filter((key) => !isSecret(key)).map(flagName),
    ];
    const near = closest(unknown.replace(/^-+/, ""), known);
    return new AppError(
      "usage",
      `repowright ${command.name} has no option ${unknown}.${near === null ? "" : ` Did you mean --${near}?`}`,
    );
  }
  const needsValue = /Option '([^']*)' argument (?:missing|is ambiguous)/.exec(message)?.[1];
  if (needsValue !== undefined)
    return new AppError("usage", `Option ${needsValue.split(" ").at(-2) ?? needsValue} needs a value.`);
  return new AppError("usage", message.split("\n")[0]!);
}
