/** A parameter as PostgreSQL's text format, by the rules of `pg`, so that both engines take the same. */
export function toParameter(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return toBytea(value);
  if (Array.isArray(value)) return toArray(value);
  if (typeof value === "object") return JSON.stringify(value);
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean")
    return String(value);
  throw new TypeError(`A ${typeof value} cannot be a parameter of a statement.`);
}

function toArray(values: readonly unknown[]): string {
  return `{${values.map(toElement).join(",")}}`;
}

function toElement(value: unknown): string {
  if (Array.isArray(value)) return toArray(value);
  const text = toParameter(value);
  return text === null ? "NULL" : `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function toBytea(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;
}
