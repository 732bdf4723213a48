import { pino } from "pino";
import { prettyFactory } from "pino-pretty";
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

const reserved = new Set(["timestamp", "level", "service", "version", "message"]);

/** Structured log lines by pino: `timestamp level service version message` and the fields. */
export function createPinoLog(options: LogOptions): Log {
  const prettify =
    options.format === "pretty"
      ? prettyFactory({
          colorize: options.hasColor ?? false,
          messageKey: "message",
          timestampKey: "timestamp",
          errorLikeObjectKeys: ["error"],
          ignore: "service,version",
          translateTime: "SYS:HH:MM:ss.l",
          singleLine: true,
        })
      : null;
  const logger = pino(
    {
      level: options.level,
      messageKey: "message",
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      base: { service: options.service, version: options.version },
      formatters: { level: (level) => ({ level }) },
    },
    { write: (line) => options.write((prettify === null ? line : prettify(line)).trimEnd()) },
  );
  const mask = createMask(options.secrets);
  // A terminal obeys control characters; JSON escapes them by itself.
  const change = prettify === null ? mask : (text: string) => printable(mask(text));

  function withFixed(fixed: LogFields): Log {
    const log =
      (level: LogOptions["level"]) =>
      (message: string, fields?: LogFields): void => {
        if (!logger.isLevelEnabled(level)) return;
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
