import type { Services } from "./services.ts";
import type { Terminal } from "./terminal.ts";

export type OptionDefinition =
  | { readonly type: "boolean"; readonly description: string; readonly short?: string }
  | {
      readonly type: "string";
      readonly value: string;
      readonly description: string;
      readonly short?: string;
    };

export type OptionDefinitions = Readonly<Record<string, OptionDefinition>>;

export type OptionValues<O extends OptionDefinitions> = {
  readonly [K in keyof O]: O[K] extends { readonly type: "boolean" } ? boolean : string | undefined;
};

export interface CommandContext<O extends OptionDefinitions> {
  readonly positionals: readonly string[];
  readonly options: OptionValues<O>;
  readonly services: Services;
  readonly terminal: Terminal;
  readonly cwd: string;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}

/** One command of the command line. */
export interface CommandDefinition<O extends OptionDefinitions = OptionDefinitions> {
  /** Words after `repowright`, e.g. `config show`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Further paragraphs for `--help`. */
  readonly description?: string;
  readonly positionals: readonly {
    readonly name: string;
    readonly description: string;
    readonly required: boolean;
    /** Of the last one: it may be given several times. */
    readonly isRepeated?: boolean;
  }[];
  readonly options: O;
  readonly examples: readonly string[];
  /** Resolves to the exit code. @throws AppError, which the command line explains */
  run(context: CommandContext<O>): Promise<number>;
}

export function defineCommand<const O extends OptionDefinitions>(
  definition: CommandDefinition<O>,
): CommandDefinition<O> {
  return definition;
}

/** An entry of the generated registry: enough for help, and the command itself only when it is called. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<{ readonly default: CommandDefinition }>;
}
