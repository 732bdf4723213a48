import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError, isAppError } from "../../base/errors.ts";
import type { GitOptions, GitRemoteAccess } from "../../contracts/git.ts";
import type { Warning } from "../../contracts/repository.ts";
import { authorizeRemote } from "./host-policy.ts";
import { keptRef } from "./kept-ref.ts";
import type { OpenOptions, RepositoryPorts } from "./repositories.ts";
import type { RemoteSource } from "./source.ts";

export interface Clone {
  readonly gitDir: string;
  readonly fetchMissing: (oids: readonly string[], signal: AbortSignal) => Promise<void>;
  readonly warnings: readonly Warning[];
}

const sizePollMs = 200;
const refspecs = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
/** `http.curloptResolve`, which holds the connection to the address that was judged, came with this version. */
const pinningVersion = [2, 37] as const;

/**
 * Clones the source, or fetches what is new. The caller holds the repository's lock. The clone is bare and, where
 * the server allows, blobless: history comes first, contents are fetched when they are wanted. It becomes visible
 * only when it is whole; what an earlier, killed run left is removed.
 */
export async function updateClone(
  source: RemoteSource,
  folder: string,
  ports: RepositoryPorts,
  options: OpenOptions,
): Promise<Clone> {
  const gitDir = join(folder, "git");
  const { fetches = "everything" } = options;
  if (fetches !== "everything" && !existsSync(gitDir))
    throw new AppError("repository-unfetched", `${source.name} has not been fetched yet.`);
  if (fetches === "nothing") return { gitDir, warnings: [], fetchMissing: async () => {} };
  await assertPinning(source, ports);
  const { config, git } = ports;
  const access = await authorizeRemote(
    source,
    {
      allowPrivateHosts: config["git.allow_private_hosts"],
      hasProxy: config["git.proxy"] !== "",
      tokens: config["git.tokens"],
      header: options.authorization ?? null,
    },
    ports.hosts,
  );
  const warnings: Warning[] = [];
  if (fetches === "contents") return toClone();
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder))
    if (name.startsWith("new-")) await removeFolder(join(folder, name));
  if (existsSync(gitDir)) {
    await removeLeftovers(gitDir);
    try {
      await fetchInto(gitDir, [...refspecs, ...(options.refs ?? []).map(toRefspec)], "Updating");
    } catch (error) {
      if (!isAppError(error, "network-unreachable", "time-limit")) throw error;
      warnings.push({
        code: "stale-clone",
        message: `This is the clone as it was last fetched, not what the server has now. ${error.message}`,
      });
      return toClone();
    }
    await followRemoteHead(gitDir);
  } else {
    const temporary = join(folder, `new-${process.pid}`);
    try {
      await cloneInto(temporary, ["--filter=blob:none"]).catch(async (error: unknown) => {
        if (!isAppError(error, "repository-damaged")) throw error;
        // Git before 2.45 forgets in a blobless clone which flaws it was told to tolerate; a whole clone is checked as we want it.
        await removeFolder(temporary);
        await cloneInto(temporary, []);
      });
      // Promisor settings stand in each fetch instead, so that no local command can reach the network.
      for (const name of [
        "remote.origin.promisor",
        "remote.origin.partialclonefilter",
        "extensions.partialclone",
      ])
        await git
          .text(temporary, ["config", "--local", "--unset-all", name], { signal: options.signal })
          .catch(() => "");
      if (options.refs?.length) await fetchInto(temporary, options.refs.map(toRefspec), "Fetching");
      await rename(temporary, gitDir);
    } catch (error) {
      await removeFolder(temporary);
      throw error;
    }
  }
  return toClone();

  function toClone(): Clone {
    return {
      gitDir,
      warnings,
      fetchMissing: async (oids, signal) => {
        try {
          await watched(gitDir, "Fetching contents", (gitOptions) =>
            git.text(
              gitDir,
              [
                "-c",
                "fetch.negotiationAlgorithm=noop",
                "fetch",
                "--no-tags",
                "--no-write-fetch-head",
                "--filter=blob:none",
                "--progress",
                "--stdin",
                "--end-of-options",
                "origin",
              ],
              {
                ...gitOptions,
                signal: AbortSignal.any([signal, ...(gitOptions.signal ? [gitOptions.signal] : [])]),
                stdin: `${oids.join("\n")}\n`,
              },
            ),
          );
        } catch (error) {
          // History is here already: a report without some contents is better than none.
          if (!isAppError(error, "network-unreachable", "time-limit")) throw error;
          if (!warnings.some((warning) => warning.code === "contents-unfetched"))
            warnings.push({
              code: "contents-unfetched",
              message: `Contents of ${oids.length} files or versions could not be fetched. ${error.message}`,
            });
        }
      },
    };
  }

  async function cloneInto(target: string, filter: readonly string[]): Promise<void> {
    await watched(target, "Cloning", (gitOptions) =>
      git.text(
        null,
        ["clone", "--bare", ...filter, "--no-local", "--progress", "--", source.url, target],
        gitOptions,
      ),
    );
  }

  /** By the remote's name, not its address: Git would write the promisor settings down for an address it does not know. */
  async function fetchInto(target: string, specs: readonly string[], message: string): Promise<void> {
    await watched(target, message, (gitOptions) =>
      git.text(
        target,
        [
          "fetch",
          "--prune",
          "--force",
          "--no-tags",
          "--no-write-fetch-head",
          "--filter=blob:none",
          "--progress",
          "--end-of-options",
          "origin",
          ...specs,
        ],
        gitOptions,
      ),
    );
  }

  /** The default branch may have been renamed since the clone. */
  async function followRemoteHead(target: string): Promise<void> {
    const output = await git.text(
      target,
      ["ls-remote", "--symref", "--end-of-options", source.url, "HEAD"],
      remoteOptions(access),
    );
    const branch = /^ref: (refs\/heads\/[^\s]+)\tHEAD$/m.exec(output)?.[1];
    if (branch !== undefined)
      await git.text(target, ["symbolic-ref", "HEAD", branch], { signal: options.signal });
  }

  function remoteOptions(remote: GitRemoteAccess): GitOptions {
    return { remote, signal: options.signal, timeoutMs: config["git.clone_timeout"] };
  }

  /** Runs a transfer with progress and with an eye on the disk: Git itself has no limit on what it receives. */
  async function watched(
    target: string,
    message: string,
    transfer: (options: GitOptions) => Promise<string>,
  ): Promise<void> {
    const tooLarge = new AbortController();
    const poll = setInterval(() => {
      void folderBytes(target).then((bytes) => {
        if (bytes > config["limits.repository_bytes"]) tooLarge.abort();
      });
    }, sizePollMs);
    try {
      await transfer({
        ...remoteOptions(access),
        signal: AbortSignal.any([options.signal, tooLarge.signal]),
        onStderr: (text) => {
          const match = /([A-Z][a-z]+ [a-z]+):\s+(\d+)% \(/.exec(
            text.slice(text.lastIndexOf("\r", text.length - 2) + 1),
          );
          if (match)
            options.onProgress({
              stage: "clone",
              fraction: Number(match[2]) / 100,
              message: `${message} ${source.name}: ${match[1]!.toLowerCase()}`,
            });
        },
      });
      if ((await folderBytes(target)) > config["limits.repository_bytes"]) tooLarge.abort();
    } catch (error) {
      if (!tooLarge.signal.aborted) throw error;
    } finally {
      clearInterval(poll);
    }
    if (tooLarge.signal.aborted) {
      await removeFolder(target);
      throw new AppError(
        "repository-too-large",
        `${source.url} is larger than ${config["limits.repository_bytes"]} bytes (limits.repository_bytes).`,
      );
    }
  }
}

/** Names come from strangers: what is no plain ref would be another instruction to Git. */
function toRefspec(ref: string): string {
  if (!/^refs\/[a-z-]+\/\d{1,12}\/head$/.test(ref))
    throw new AppError(
      "revision-unknown",
      `${JSON.stringify(ref.slice(0, 100))} is no ref of a pull request.`,
    );
  return `+${ref}:${keptRef(ref)}`;
}

async function assertPinning(source: RemoteSource, ports: RepositoryPorts): Promise<void> {
  const [major, minor] = await ports.git.version();
  if (major > pinningVersion[0] || (major === pinningVersion[0] && minor >= pinningVersion[1])) return;
  throw new AppError(
    "git-missing",
    `Git ${major}.${minor} cannot clone ${source.url} safely; ${pinningVersion.join(".")} or newer is needed.`,
  );
}

/** Bytes of the packs in a Git folder, including the one that is being received. */
async function folderBytes(gitDir: string): Promise<number> {
  let bytes = 0;
  const pack = join(gitDir, "objects", "pack");
  for (const name of await readdir(pack).catch(() => []))
    bytes += (await stat(join(pack, name)).catch(() => null))?.size ?? 0;
  return bytes;
}

/** What a Git that was killed leaves: locks that would stop the next one for ever, and half of a pack. */
async function removeLeftovers(gitDir: string): Promise<void> {
  const top = await readdir(gitDir);
  const refs = await readdir(join(gitDir, "refs"), { recursive: true }).catch(() => []);
  const pack = await readdir(join(gitDir, "objects", "pack")).catch(() => []);
  const paths = [
    ...top.filter((name) => name.endsWith(".lock")),
    ...refs.filter((name) => name.endsWith(".lock")).map((name) => join("refs", name)),
    ...pack.filter((name) => name.startsWith("tmp_")).map((name) => join("objects", "pack", name)),
  ];
  for (const path of paths) await rm(join(gitDir, path), { recursive: true, force: true });
}

/** A Git that outlived its killed parent may still be writing there, hence the retries. */
async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
