import type { SarifArtifactLocation, SarifRun } from "./sarif-log.ts";

/** Bases within bases, at most. */
const maxBases = 10;

/**
 * Path of a place relative to the top of the repository; null when it is outside, or nowhere. A base that is an absolute
 * address is taken for the top. `root` is where the repository lay when an absolute path was written.
 */
export function pathOf(
  location: SarifArtifactLocation | undefined,
  run: SarifRun,
  root: string | null,
): string | null {
  const known = location?.uri === undefined ? run.artifacts?.[location?.index ?? -1]?.location : location;
  if (known?.uri === undefined) return null;
  let path = toPath(known.uri);
  const bases = run.originalUriBaseIds ?? {};
  if (isAbsolute(path))
    return relativePath(withoutRoot(path, [root, ...Object.values(bases).map(({ uri }) => uri ?? null)]));
  let baseId = known.uriBaseId;
  for (let depth = 0; baseId !== undefined && depth < maxBases; depth++) {
    const base: SarifArtifactLocation | undefined = Object.hasOwn(bases, baseId) ? bases[baseId] : undefined;
    if (base?.uri === undefined) break;
    const prefix = toPath(base.uri);
    if (isAbsolute(prefix)) {
      // A base below the repository's top still tells where it is, when we know the top.
      path = withoutRoot(`${prefix.replace(/\/?$/, "/")}${path}`, [root]) ?? path;
      break;
    }
    path = `${prefix.replace(/\/?$/, "/")}${path}`;
    baseId = base.uriBaseId;
  }
  return relativePath(path);
}

/** An address, or what a tool takes for one, as a path with `/`. */
function toPath(uri: string): string {
  // Tools on Windows write plain paths.
  if (/^[a-z]:[\\/]/i.test(uri) || uri.includes("\\")) return uri.replaceAll("\\", "/");
  const path = uri.replace(/^file:(?:\/\/(?:localhost)?(?=\/))?/i, "");
  return decode(path).replace(/^\/(?=[a-z]:\/)/i, "");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A plain path with a percent sign.
    return text;
  }
}

function isAbsolute(path: string): boolean {
  return /^(?:\/|[a-z]:\/)/i.test(path);
}

function withoutRoot(path: string, roots: readonly (string | null)[]): string | null {
  for (const root of roots) {
    if (root === null || root === "") continue;
    const start = toPath(root).replace(/\/?$/, "/");
    if (isAbsolute(start) && path.toLowerCase().startsWith(start.toLowerCase()))
      return path.slice(start.length);
  }
  return null;
}

function relativePath(path: string | null): string | null {
  if (path === null || isAbsolute(path) || /^[a-z][a-z0-9+.-]*:/i.test(path)) return null;
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.length === 0 ? null : parts.join("/");
}
