/** Words in a row that are compared as one. */
const GRAM = 5;

/**
 * A licence text as the set of its word groups, each as a 32-bit hash. Wrapping, case, quotes, list marks and the
 * lines that differ in every copy (copyright owners) do not count.
 */
export function licenceGrams(text: string): ReadonlySet<number> {
  const words = licenceWords(text);
  const grams = new Set<number>();
  for (let at = 0; at + GRAM <= words.length; at += 1) grams.add(hash(words.slice(at, at + GRAM).join(" ")));
  return grams;
}

/** The words of a licence text in the form in which they are compared. */
export function licenceWords(text: string): string[] {
  return text
    .toLowerCase()
    .replaceAll(/^[\s>*#/;-]*(copyright|\(c\)|©)[^\n]*(?:\d{4}|<year>|\[yyyy\]|\{yyyy\})[^\n]*$/gm, " ")
    .replaceAll(/^[\s>*#/;-]*all rights reserved\.?\s*$/gm, " ")
    .replaceAll(/<[^<>\n]{1,60}>|\[[^[\]\n]{1,60}\]/g, " ")
    .replaceAll(/https?:/g, "")
    .replaceAll("licence", "license")
    .replaceAll(/(^|\s)(?:\(?[0-9a-z]{1,2}[.)]|[•*-])(?=\s)/g, " ")
    .replaceAll(/[^a-z0-9\s]+/g, "")
    .split(/\s+/)
    .filter((word) => word !== "");
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
