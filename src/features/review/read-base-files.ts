import type { Git } from "../../contracts/git.ts";
import type { Repository } from "../../contracts/repository.ts";
import { listFiles, readContents } from "../../core/review/read-at-commit.ts";
import { compilePathPattern } from "../../core/review/review-settings.ts";

/** Files of the commit that a change goes into: what they say counts, not what the change makes of them. */
export interface BaseFiles {
  /** Text of `repowright.toml`; null without one. */
  readonly settings: string | null;
  /** Texts of the files that match, by path. */
  readAll(patterns: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

const maxBytes = 2 ** 20;
const maxFiles = 200;

export async function readBaseFiles(
  repository: Repository,
  base: string | null,
  git: Git,
  signal: AbortSignal,
): Promise<BaseFiles> {
  if (base === null) return { settings: null, readAll: async () => new Map() };
  const { gitDir } = repository;
  const read = async (
    files: readonly { readonly path: string; readonly oid: string }[],
  ): Promise<ReadonlyMap<string, string>> => {
    if (files.length === 0) return new Map();
    const contents = await readContents(
      repository,
      files.map(({ oid }) => oid),
      git,
      { maxBytes, maxTotalBytes: maxBytes * maxFiles, signal },
    );
    return new Map(
      files.flatMap(({ path, oid }) => {
        const content = contents.get(oid);
        return content === undefined ? [] : [[path, content.toString("utf8")] as const];
      }),
    );
  };
  const settings = await read(
    await listFiles(gitDir, base, git, { paths: ["repowright.toml"], limit: 1, signal }),
  );
  return {
    settings: settings.get("repowright.toml") ?? null,
    async readAll(patterns) {
      if (patterns.length === 0) return new Map();
      const matches = patterns.map(compilePathPattern);
      const all = await listFiles(gitDir, base, git, { limit: Number.POSITIVE_INFINITY, signal });
      return read(all.filter(({ path }) => matches.some((match) => match(path))).slice(0, maxFiles));
    },
  };
}
