/** Finds the line, from 1, of a character offset. */
export function createLineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}

/** Last part of a `/`-separated path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Adds a version under a name, each version once. */
export function addVersion(versions: Map<string, string[]>, name: string, version: string): void {
  const known = versions.get(name);
  if (known === undefined) versions.set(name, [version]);
  else if (!known.includes(version)) known.push(version);
}
