/** Values nest without end, or in a ring. */
const maxDepth = 8;
const mask = "********";

/** Shorter ones would turn every line into stars, and hide nothing that cannot be guessed. */
const leastSecretLength = 4;

/** Replaces secrets and the credentials of addresses in a text. */
export type MaskText = (text: string) => string;

/** A function that knows `secrets` in the forms in which they turn up: as they are, in an address, and a password alone. */
export function createMask(secrets: readonly string[]): MaskText {
  const forms = new Set(secrets.flatMap(formsOf).filter((form) => form.length >= leastSecretLength));
  // The longest first: one secret may be a part of another.
  const known = [...forms].sort((a, b) => b.length - a.length);
  return (text) =>
    known
      .reduce((rest, secret) => rest.replaceAll(secret, mask), text)
      .replace(/\/\/[^\s@/]+@/g, `//${mask}@`);
}

function formsOf(secret: string): string[] {
  const password = URL.canParse(secret) ? new URL(secret).password : "";
  return [secret, encodeURIComponent(secret), password, decode(password)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `value` as JSON can hold it, every text in it passed through `change`; errors with code, message, stack and causes. */
export function toLoggable(value: unknown, change: MaskText, depth = 0): unknown {
  if (typeof value === "string") return change(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value === "function" || typeof value === "symbol") return undefined;
  if (typeof value !== "object" || value === null) return value;
  if (depth >= maxDepth) return "…";
  if (value instanceof Error) return describeError(value, change, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof URL) return change(value.href);
  if (value instanceof Map || value instanceof Set)
    return [...value].map((item) => toLoggable(item, change, depth + 1));
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  if (Array.isArray(value)) return value.map((item) => toLoggable(item, change, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [change(key), toLoggable(item, change, depth + 1)]),
  );
}

function describeError(error: Error, change: MaskText, depth: number): unknown {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
  const causes = [
    ...(cause === undefined ? [] : [cause]),
    ...(error instanceof AggregateError ? (error.errors as unknown[]) : []),
  ];
  return {
    name: error.name,
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    message: change(error.message),
    stack: change(error.stack ?? ""),
    ...(causes.length === 0 ? {} : { causes: causes.map((one) => toLoggable(one, change, depth + 1)) }),
  };
}
