/**
 * Reads what strangers sent, field by field: nothing is expected to be there or to be of any type. Only own properties
 * count, so that a body which names `__proto__` or `constructor` says nothing.
 */
export function valueAt(payload: unknown, ...path: readonly string[]): unknown {
  let value = payload;
  for (const name of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

const mostText = 65_536;

/** Text that a database takes: without NUL and half characters, and of bounded length. Null for anything else. */
export function textAt(payload: unknown, ...path: readonly string[]): string | null {
  const value = valueAt(payload, ...path);
  return typeof value === "string" ? value.slice(0, mostText).replaceAll("\0", "").toWellFormed() : null;
}

export function flagAt(payload: unknown, ...path: readonly string[]): boolean {
  return valueAt(payload, ...path) === true;
}

/** A whole number from 1 that the database's `integer` holds. */
export function numberAt(payload: unknown, ...path: readonly string[]): number | null {
  const value = valueAt(payload, ...path);
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1 && value < 2 ** 31
    ? value
    : null;
}

/** An id that hosts give as a number, as text. */
export function idAt(payload: unknown, ...path: readonly string[]): string | null {
  const value = valueAt(payload, ...path);
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  return typeof value === "string" && /^[\w.-]{1,100}$/.test(value) ? value : null;
}

export function commitAt(payload: unknown, ...path: readonly string[]): string | null {
  const value = valueAt(payload, ...path);
  return typeof value === "string" && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(value) && !/^0+$/.test(value)
    ? value
    : null;
}

/** `owner/name`, with subgroups where there are any. It becomes part of addresses, so dots alone are no name. */
export function repositoryAt(payload: unknown, ...path: readonly string[]): string | null {
  const value = valueAt(payload, ...path);
  return typeof value === "string" &&
    value.length <= 400 &&
    /^[\w.+-]+(\/[\w.+-]+)+$/.test(value) &&
    !value.split("/").some((part) => /^\.+$/.test(part))
    ? value
    : null;
}

/** Name of a branch as Git takes it, and as nothing takes for an option. */
export function branchAt(payload: unknown, ...path: readonly string[]): string | null {
  const value = valueAt(payload, ...path);
  return typeof value === "string" &&
    value.length <= 400 &&
    // oxlint-disable-next-line no-control-regex -- these are what Git refuses
    /^[^-\s~^:?*[\\\u0000-\u001f\u007f][^\s~^:?*[\\\u0000-\u001f\u007f]*$/.test(value) &&
    value.isWellFormed() &&
    !value.includes("..") &&
    !value.includes("@{")
    ? value
    : null;
}

/** A moment as ISO 8601; GitLab writes `2026-01-02 03:04:05 UTC` too. */
export function timeAt(payload: unknown, ...path: readonly string[]): string | null {
  const value = valueAt(payload, ...path);
  const time = typeof value === "string" && /^\d{4}-\d\d-\d\d[T ]/.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

const command = /^\s*\/repowright(?![\w-])/i;

/** Whether a comment is meant for us. */
export function isCommand(text: string): boolean {
  return command.test(text);
}
