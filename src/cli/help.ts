import { flagName, isSecret, settingKeys } from "../config/schema.ts";
import type { CommandDefinition, CommandEntry } from "../contracts/command.ts";

/** `repowright --help`. */
export function programHelp(commands: readonly CommandEntry[], version: string): string {
  const width = Math.max(...commands.map((command) => command.name.length)) + 2;
  return [
    `repowright ${version}: point it at a Git repository`,
    "",
    "Usage: repowright <command> [arguments] [options]",
    "",
    "Commands:",
    ...commands.map((command) => `  ${command.name.padEnd(width)}${command.summary}`),
    "",
    "Options:",
    "  -h, --help     Help for the program or for a command",
    "  -V, --version  Version",
    "",
    "Try: repowright analyze .",
    "",
  ].join("\n");
}

/** `repowright <command> --help`. */
export function commandHelp(command: CommandDefinition): string {
  const positionals = command.positionals.map(
    ({ name, required, isRepeated }) =>
      `${required ? `<${name}>` : `[${name}]`}${isRepeated === true ? "..." : ""}`,
  );
  const options = Object.entries(command.options).map(([name, option]) => {
    const short = option.short === undefined ? "" : `-${option.short}, `;
    return [
      `${short}--${name}${option.type === "string" ? ` ${option.value}` : ""}`,
      option.description,
    ] as const;
  });
  options.push(["-h, --help", "This help"]);
  const width =
    Math.max(
      ...options.map(([usage]) => usage.length),
      ...command.positionals.map((positional) => positional.name.length),
    ) + 2;
  const settings = settingKeys.filter((key) => !isSecret(key)).map((key) => `--${flagName(key)}`);
  return [
    command.summary,
    "",
    `Usage: ${["repowright", command.name, ...positionals, "[options]"].join(" ")}`,
    ...(command.description === undefined
      ? []
      : ["", ...command.description.split("\n").flatMap((line) => wrap(line, 96))]),
    ...(command.positionals.length === 0
      ? []
      : [
          "",
          "Arguments:",
          ...command.positionals.map(
            (positional) => `  ${positional.name.padEnd(width)}${positional.description}`,
          ),
        ]),
    "",
    "Options:",
    ...options.flatMap(([usage, description]) =>
      wrap(description, Math.max(40, 118 - width)).map(
        (line, at) => `  ${(at === 0 ? usage : "").padEnd(width)}${line}`,
      ),
    ),
    "",
    "Any setting can be given as an option too (`repowright config show` explains them):",
    ...wrap(settings.join(" "), 78).map((line) => `  ${line}`),
    "",
    "Examples:",
    ...command.examples.map((example) => `  ${example}`),
    "",
  ].join("\n");
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + word.length + 1 > width) {
      lines.push(line);
      line = "";
    }
    line += (line === "" ? "" : " ") + word;
  }
  return [...lines, line];
}
