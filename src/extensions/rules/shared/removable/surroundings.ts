import type { ReviewedChange } from "../../../../contracts/review-rule.ts";
import type { Surroundings } from "./removable-names.ts";

const maxMentions = 50;
/** Without an index, how many files near by are read. */
const maxNeighbours = 200;
/** Files read for one change, all names together. */
const maxReads = 300;

/** Longer texts are data or generated. */
export const maxLength = 400_000;

/** The repository after the change; null where nobody knows it. */
export async function lookAround(change: ReviewedChange): Promise<Surroundings | null> {
  const paths = await change.paths();
  if (paths === null) return null;
  const known = new Set(paths);
  const texts = new Map<string, Promise<string | null>>();
  const { references } = change;
  const readShort = async (path: string): Promise<string | null> => {
    const text = await change.read(path);
    return text !== null && text.length <= maxLength ? text : null;
  };
  return {
    paths,
    has: (path) => known.has(path),
    read(path) {
      const kept = texts.get(path);
      if (kept !== undefined) return kept;
      const text = known.has(path) && texts.size < maxReads ? readShort(path) : Promise.resolve(null);
      texts.set(path, text);
      return text;
    },
    async naming(name, near, files) {
      if (references !== null) {
        const found = await references.mentions(name, maxMentions);
        return { paths: found.map(({ path }) => path), isAll: found.length < maxMentions };
      }
      const neighbours = nearby(
        near,
        paths.filter((path) => files.test(path)),
      );
      return { paths: neighbours.slice(0, maxNeighbours), isAll: neighbours.length <= maxNeighbours };
    },
  };
}

/** The nearest files first, by how much of the path is the same. */
function nearby(path: string, others: readonly string[]): readonly string[] {
  const parts = path.split("/");
  const shared = (other: string): number => {
    const theirs = other.split("/");
    let same = 0;
    while (same < parts.length && parts[same] === theirs[same]) same++;
    return same;
  };
  return others
    .map((other) => ({ other, same: shared(other) }))
    .sort((a, b) => b.same - a.same)
    .map(({ other }) => other);
}
