import type { Services } from "../../contracts/services.ts";
import type { OpenedIndex } from "../../core/index/search/open-index.ts";
import type { AskPlace } from "./ask-result.ts";

/** The newest commit that touched each file, with its subject; null where history does not say. */
export async function readLastChanges(
  { index, snapshot }: OpenedIndex,
  paths: readonly string[],
  services: Services,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, AskPlace["lastChange"]>> {
  const { facts, rows, fileStarts, positions } = index.history;
  const wanted = new Set(paths);
  const rowOf = new Map<string, number>();
  for (const [file, { path }] of index.files.entries())
    if (wanted.has(path) && fileStarts[file + 1]! > fileStarts[file]!)
      rowOf.set(path, rows[positions[fileStarts[file]!]!]!);
  const oids = [...new Set([...rowOf.values()].map((row) => facts.oids[row]!))];
  const subjects = new Map<string, { author: string; subject: string }>();
  if (oids.length > 0) {
    const output = await services.git
      .text(
        snapshot.repository.gitDir,
        [
          "log",
          "--no-walk=unsorted",
          "-z",
          "--no-color",
          "--encoding=UTF-8",
          "--format=%H%n%an%n%s",
          ...oids,
          "--",
        ],
        { signal },
      )
      .catch(() => "");
    for (const record of output.split("\0")) {
      const [oid = "", author = "", subject = ""] = record.split("\n");
      subjects.set(oid, { author, subject });
    }
  }
  return new Map(
    paths.map((path) => {
      const row = rowOf.get(path);
      const about = row === undefined ? undefined : subjects.get(facts.oids[row]!);
      return [
        path,
        row === undefined || about === undefined
          ? null
          : {
              commit: facts.oids[row]!,
              author: about.author,
              date: new Date(facts.authoredAt[row]! * 1000).toISOString(),
              subject: about.subject,
            },
      ] as const;
    }),
  );
}
