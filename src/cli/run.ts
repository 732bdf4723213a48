import { closest } from "../base/closest.ts";
import { AppError, errorTable, toAppError } from "../base/errors.ts";
import { printable } from "../base/text.ts";
import { loadConfig, type LoadedConfig } from "../config/load.ts";
import { secretTexts } from "../config/secrets.ts";
import type { CommandEntry } from "../contracts/command.ts";
import type { Services } from "../contracts/services.ts";
import type { Terminal } from "../contracts/terminal.ts";
import { findCommand, parseArguments } from "./arguments.ts";
import { commandHelp, programHelp } from "./help.ts";

/** A chain of causes may be a ring. */
const maxCauses = 20;

export interface CliInput {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly version: string;
  readonly commands: readonly CommandEntry[];
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** Builds what commands use; called only when a command runs. */
  readonly createServices: (
    config: LoadedConfig,
  ) => Promise<{ readonly services: Services; readonly close: () => Promise<void> }>;
}

/** Runs one command line and resolves to its exit code. Failures are explained on standard error. */
export async function runCli(input: CliInput): Promise<number> {
  const { args, terminal } = input;
  const isJson = args.includes("--json");
  let config: LoadedConfig | null = null;
  try {
    const first = args[0];
    if (
      first === undefined ||
      first === "--help" ||
      first === "-h" ||
      (first === "help" && args.length === 1)
    ) {
      terminal.write(programHelp(input.commands, input.version));
      return first === undefined ? errorTable.usage.exitCode : 0;
    }
    const words = first === "help" ? args.slice(1) : args;
    if (args.length === 1 && (first === "--version" || first === "-V")) {
      terminal.write(`${input.version}\n`);
      return 0;
    }
    const found = findCommand(words, input.commands);
    if (!found) throw unknownCommand(words, input.commands);
    const command = (await found.entry.load()).default;
    const parsed = parseArguments(command, found.rest);
    if (parsed.wantsHelp || first === "help") {
      terminal.write(commandHelp(command));
      return 0;
    }
    config = loadConfig({ environment: input.environment, flags: parsed.settings, cwd: input.cwd });
    const { services, close } = await input.createServices(config);
    try {
      return await command.run({
        positionals: parsed.positionals,
        options: parsed.options as never,
        services,
        terminal,
        cwd: input.cwd,
        signal: input.signal,
      });
    } finally {
      await close();
    }
  } catch (thrown) {
    const error = input.signal.aborted
      ? new AppError("cancelled", "Cancelled.", {}, thrown)
      : toAppError(thrown);
    terminal.clearProgress();
    const message = withoutSecrets(error.message, config);
    const tellsCauses = config?.values["log.level"] === "debug" || error.code === "internal";
    const causes = tellsCauses ? withoutSecrets(describeCauses(error), config) : undefined;
    if (isJson)
      terminal.note(JSON.stringify({ error: { code: error.code, message, help: error.help, causes } }));
    else
      terminal.note(
        [
          `error: ${printable(message)}`,
          error.help,
          ...(causes === undefined ? [] : [printable(causes)]),
        ].join("\n"),
      );
    return error.exitCode;
  }
}

function unknownCommand(args: readonly string[], commands: readonly CommandEntry[]): AppError {
  const group = commands
    .filter((command) => command.name.startsWith(`${args[0]} `))
    .map((command) => command.name);
  if (group.length > 0)
    return new AppError("usage", `repowright ${args[0]} needs one of: ${group.join(", ")}.`);
  const near = closest(
    args[0]!,
    commands.map((command) => command.name),
  );
  return new AppError(
    "usage",
    `There is no command ${JSON.stringify(args[0])}.${near === null ? "" : ` Did you mean ${near}?`}`,
  );
}

function describeCauses(error: Error): string {
  const parts: string[] = [];
  for (let at: unknown = error; at instanceof Error && parts.length < maxCauses; at = at.cause)
    parts.push(at.stack ?? at.message);
  return parts.join("\ncaused by: ");
}

/** Messages come from anywhere; no token of the settings and no password of an address gets out with them. */
function withoutSecrets(text: string, config: LoadedConfig | null): string {
  const secrets = config === null ? [] : secretTexts(config.values);
  const masked = secrets.reduce((rest, secret) => rest.replaceAll(secret, "********"), text);
  return masked.replace(/\/\/[^\s@/]+@/g, "//********@");
}
