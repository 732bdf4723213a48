/** Log lines: a static message, data in fields. Secrets never go in. */
export interface Log {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
}
