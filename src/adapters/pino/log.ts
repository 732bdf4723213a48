import { createRequire } from "node:module";
import type * as Pino from "pino";
import type * as PinoPretty from "pino-pretty";
import { printable } from "../../base/text.ts";
import type { Log, LogFields } from "../../contracts/log.ts";
import { createMask, toLoggable } from "./mask.ts";

export interface LogOptions {
  /** Least severe level that is written. */
  readonly level: "debug" | "info" | "warn" | "error";
  /** `json`: one object per line. `pretty`: for a person at a terminal. */
  readonly format: "json" | "pretty";
  readonly hasColor?: boolean;
  /** What runs, e.g. `repowright`. */
  readonly service: string;
  readonly version: string;
  /** Gets each line without its newline. */
  readonly write: (line: string) => void;
  /** Masked wherever they turn up. */
  readonly secrets: readonly string[];
}

const require = createRequire(import.meta.url);
const levels = ["debug", "info", "warn", "error"] as const;
const reserved = new Set(["timestamp", "level", "service", "version", "message"]);

/**
 * Structured log lines by pino: `timestamp level service version message` and the fields. Pino is loaded with the first
 * line: most commands write none, and start sooner.
 */
export function createPinoLog(options: LogOptions): Log {
  const isPretty = options.format === "pretty";
  let logger: Pino.Logger | null = null;
  const mask = createMask(options.secrets);
  // A terminal obeys control characters; JSON escapes them by itself.
  const change = isPretty ? (text: string) => printable(mask(text)) : mask;

  function withFixed(fixed: LogFields): Log {
    const log =
      (level: LogOptions["level"]) =>
      (message: string, fields?: LogFields): void => {
        if (levels.indexOf(level) < levels.indexOf(options.level)) return;
        logger ??= createLogger(options);
        logger[level](toFields({ ...fixed, ...fields }), change(message));
      };
    return {
      debug: log("debug"),
      info: log("info"),
      warn: log("warn"),
      error: log("error"),
      with: (fields) => withFixed({ ...fixed, ...fields }),
    };
  }

  function toFields(fields: LogFields): object {
    const renamed = Object.entries(fields).map(([key, value]) => [
      reserved.has(key) ? `${key}_` : key,
      value,
    ]);
    return toLoggable(Object.fromEntries(renamed), change) as object;
  }

  return withFixed({});
}

function createLogger(options: LogOptions): Pino.Logger {
  const { pino } = require("pino") as typeof Pino;
  const prettify = options.format === "pretty" ? createPrettifier(options.hasColor ?? false) : null;
  return pino(
    {
      level: options.level,
      messageKey: "message",
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      base: { service: options.service, version: options.version },
      formatters: { level: (level) => ({ level }) },
    },
    { write: (line) => options.write((prettify === null ? line : prettify(line)).trimEnd()) },
  );
}

function createPrettifier(hasColor: boolean): (line: string) => string {
  const { prettyFactory } = require("pino-pretty") as typeof PinoPretty;
  return prettyFactory({
    colorize: hasColor,
    messageKey: "message",
    timestampKey: "timestamp",
    errorLikeObjectKeys: ["error"],
    ignore: "service,version",
    translateTime: "SYS:HH:MM:ss.l",
    singleLine: true,
  });
}
