/** Log lines: a static message, data in fields. Secrets never go in; known ones are masked all the same. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** Only for our own bugs. */
  error(message: string, fields?: LogFields): void;
  /** A log whose lines all carry `fields`. */
  with(fields: LogFields): Log;
}

/** snake_case names, e.g. `job_id`, `trace_id`, `duration_ms`. An Error under `error` is written with its causes. */
export type LogFields = Readonly<Record<string, unknown>>;
