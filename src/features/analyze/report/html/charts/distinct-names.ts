/** Last part of each path; with its folder where several paths end alike (`index.ts`, `translation.json`). */
export function distinctNames(paths: readonly string[]): Map<string, string> {
  const uses = new Map<string, number>();
  const unique = [...new Set(paths)];
  for (const path of unique) uses.set(lastParts(path, 1), (uses.get(lastParts(path, 1)) ?? 0) + 1);
  return new Map(
    unique.map((path) => [path, lastParts(path, (uses.get(lastParts(path, 1)) ?? 0) > 1 ? 2 : 1)]),
  );
}

function lastParts(path: string, count: number): string {
  return path.split("/").slice(-count).join("/");
}
