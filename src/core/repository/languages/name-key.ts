import { linguist, lookUp } from "./linguist-data.ts";

const manpage = /\.(?:[1-9](?![0-9])[a-z_0-9]*|0p|n|man|mdoc)(?:\.in)?$/;

/**
 * The part of a path on which language detection depends: `/Makefile` for a file name that Linguist knows
 * (case matters), else the longest known extension in lower case (`.d.ts` stays `.ts`), else a manual page's
 * ending or the last extension, else empty. Detection sees only this key and the bytes, so facts can be
 * kept under blob id and key.
 */
export function nameKey(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (lookUp(linguist.filenames, name) !== undefined) return `/${name}`;
  const lower = name.toLowerCase();
  for (let dot = lower.indexOf("."); dot !== -1; dot = lower.indexOf(".", dot + 1)) {
    const extension = lower.slice(dot);
    if (lookUp(linguist.extensions, extension) !== undefined) return extension;
  }
  return manpage.exec(lower)?.[0] ?? lastExtension(lower);
}

/** `.js` of `a/b.min.JS`, in lower case; empty without one or for a dot file such as `.profile`. */
export function lastExtension(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot > 0 || (dot === 0 && path === name) ? name.slice(dot).toLowerCase() : "";
}

export function isManpageKey(key: string): boolean {
  return manpage.test(key);
}
