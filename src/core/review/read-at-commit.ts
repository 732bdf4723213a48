import { decodeName } from "../../base/text.ts";
import type { Git } from "../../contracts/git.ts";
import type { Repository } from "../../contracts/repository.ts";
import { readNullTokens } from "../repository/null-tokens.ts";
import { readBlobs, readSizes } from "../repository/tree.ts";

/** A file of a commit, as far as its name says. */
export interface NamedBlob {
  readonly path: string;
  readonly oid: string;
}

/** Arguments of one command; a change with more folders than that has no attributes read for the rest. */
const maxNames = 2_000;
const regularFile = /^100\d\d\d$/;

/** Regular files of a commit: those of the paths that exist, or all when none are named; at most `limit`. */
export async function listFiles(
  gitDir: string,
  commit: string,
  git: Git,
  options: { readonly paths?: readonly string[]; readonly limit: number; readonly signal: AbortSignal },
): Promise<readonly NamedBlob[]> {
  const found: NamedBlob[] = [];
  const names = options.paths?.slice(0, maxNames);
  if (names?.length === 0) return found;
  const listing = git.stream(
    gitDir,
    ["ls-tree", "-z", "--full-tree", ...(names ? [] : ["-r"]), commit, "--", ...(names ?? [])],
    { signal: options.signal, stdin: "" },
  );
  const ended = await readNullTokens(listing.stdout, (token) => {
    if (found.length >= options.limit) return false;
    const tab = token.indexOf(9);
    const [mode, , oid] = token.toString("latin1", 0, tab).split(" ");
    if (regularFile.test(mode!)) found.push({ path: decodeName(token.subarray(tab + 1)).text, oid: oid! });
    return true;
  });
  if (ended === "stopped") listing.stop();
  await listing.done;
  return found;
}

/**
 * Contents by blob id, of those that are there and no larger than `maxBytes`, up to `maxTotalBytes` in all. What a blobless
 * clone lacks is fetched.
 */
export async function readContents(
  repository: Repository,
  oids: readonly string[],
  git: Git,
  options: { readonly maxBytes: number; readonly maxTotalBytes: number; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, Buffer>> {
  const { gitDir } = repository;
  const { signal } = options;
  const wanted = [...new Set(oids)];
  let sizes = await readSizes(gitDir, wanted, git, signal);
  if (sizes.size < wanted.length && repository.fetchMissing !== null) {
    await repository.fetchMissing(
      wanted.filter((oid) => !sizes.has(oid)),
      signal,
    );
    sizes = await readSizes(gitDir, wanted, git, signal);
  }
  let total = 0;
  const fitting = wanted.filter((oid) => {
    const size = sizes.get(oid);
    if (size === undefined || size > options.maxBytes || total + size > options.maxTotalBytes) return false;
    total += size;
    return true;
  });
  const contents = new Map<string, Buffer>();
  if (fitting.length > 0)
    await readBlobs(gitDir, fitting, git, signal, (oid, bytes) => void contents.set(oid, Buffer.from(bytes)));
  return contents;
}
