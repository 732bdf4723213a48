import type { Log, LogFields } from "../contracts/log.ts";

const levels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof levels)[number];

/** One JSON object per line, so that a program can read it and a person too. */
export function createLog(least: LogLevel, write: (line: string) => void, fixed: LogFields = {}): Log {
  const log =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (levels.indexOf(level) < levels.indexOf(least)) return;
      write(JSON.stringify({ timestamp: new Date().toISOString(), level, message, ...fixed, ...fields }));
    };
  return {
    debug: log("debug"),
    info: log("info"),
    warn: log("warn"),
    error: log("error"),
    with: (fields) => createLog(least, write, { ...fixed, ...fields }),
  };
}
