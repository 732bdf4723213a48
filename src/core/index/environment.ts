/** More distinct variables than this in one file is data, not code. */
const maxVariables = 1_000;
const maxMatches = 20_000;

/**
 * Finds the environment variables a file reads, each with the line of its first use. `isCode` is asked for
 * the index where a match begins, so that comments and strings can be left out.
 */
export function findEnvironment(
  text: string,
  patterns: readonly RegExp[],
  isCode: (index: number) => boolean,
): { readonly name: string; readonly line: number }[] {
  const firstUse = new Map<string, number>();
  let matches = 0;
  for (const pattern of patterns) {
    for (const match of text.matchAll(pattern)) {
      if (++matches > maxMatches || firstUse.size >= maxVariables) break;
      const name = match[1];
      // `getenv("APP_" + key)` reads many, none of them called `APP_`.
      if (name === undefined || name.endsWith("_")) continue;
      if ((firstUse.get(name) ?? Infinity) <= match.index || !isCode(match.index)) continue;
      firstUse.set(name, match.index);
    }
  }
  let line = 1;
  let index = 0;
  return [...firstUse]
    .sort((a, b) => a[1] - b[1])
    .map(([name, useIndex]) => {
      for (
        let next = text.indexOf("\n", index);
        next !== -1 && next < useIndex;
        next = text.indexOf("\n", index)
      ) {
        line++;
        index = next + 1;
      }
      return { name, line };
    });
}
