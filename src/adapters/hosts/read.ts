/** Reads a host's answers field by field: they are outside data, and hosts differ by version. */
export function valueAt(data: unknown, ...path: readonly string[]): unknown {
  let value = data;
  for (const name of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

export function textAt(data: unknown, ...path: readonly string[]): string | null {
  const value = valueAt(data, ...path);
  return typeof value === "string" ? value : null;
}

export function idAt(data: unknown, ...path: readonly string[]): string | null {
  const value = valueAt(data, ...path);
  return typeof value === "number" || (typeof value === "string" && value !== "") ? String(value) : null;
}

export function numberAt(data: unknown, ...path: readonly string[]): number {
  const value = valueAt(data, ...path);
  return typeof value === "number" ? value : 0;
}

export function arrayAt(data: unknown, ...path: readonly string[]): readonly unknown[] {
  const value = valueAt(data, ...path);
  return Array.isArray(value) ? value : [];
}

/** A moment as ISO 8601. */
export function timeAt(data: unknown, ...path: readonly string[]): string | null {
  const time = Date.parse(textAt(data, ...path) ?? "");
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** A full name as parts of a path. */
export function encodePath(name: string): string {
  return name.split("/").map(encodeURIComponent).join("/");
}

/** Newest first, those without a time last. */
export function byChange(
  a: { readonly updatedAt: string | null },
  b: { readonly updatedAt: string | null },
): number {
  return (b.updatedAt ?? "").localeCompare(a.updatedAt ?? "");
}
