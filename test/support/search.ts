import type { Services } from "../../src/contracts/services.ts";
import { type OpenedIndex, openIndex } from "../../src/core/index/search/open-index.ts";
import type { SearchIndex } from "../../src/core/index/search/search-index.ts";

/** The index of a commit of a repository on this machine, as the command line opens it. */
export function openTestIndex(
  services: Services,
  source: string,
  revision: string | null = null,
  useCache = true,
): Promise<OpenedIndex> {
  return openIndex(
    {
      source,
      revision,
      cwd: "/",
      useCache,
      builds: true,
      signal: new AbortController().signal,
      onProgress() {},
    },
    services,
  );
}

/** All that an index holds, as data: two of them are equal when nothing of them differs. */
export function dataOf({ files, ...index }: SearchIndex): unknown {
  return {
    ...index,
    // Worked out from the rest, when it is wanted.
    references: null,
    files: files.map(({ record, ...file }) => ({
      ...file,
      record: record === null ? null : { ...record, names: record.names() },
    })),
  };
}
