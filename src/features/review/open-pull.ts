import { AppError, isAppError } from "../../base/errors.ts";
import { headRefOf, type HostClient } from "../../contracts/code-host.ts";
import type { OnProgress, Repository } from "../../contracts/repository.ts";
import type { Services } from "../../contracts/services.ts";
import { openRepository, repositoryPorts, resolveSnapshot } from "../../core/repository/repositories.ts";
import { keptRef } from "../../core/repository/kept-ref.ts";
import type { PullTarget } from "./review-target.ts";

export interface OpenedPull {
  readonly repository: Repository;
  /** Commits. */
  readonly base: string;
  readonly head: string;
  readonly title: string | null;
  readonly body: string | null;
  readonly notes: readonly string[];
}

/**
 * Makes a pull request's commits readable, from a clone of the repository that it goes into: its fork may be gone. Where
 * both commits are here already nothing is fetched. The host is asked only for what nobody told us yet.
 * @throws AppError of `HostClient.pull` and `openRepository`; `revision-unknown` when the head is nowhere
 */
export async function openPull(
  target: PullTarget,
  services: Services,
  options: { readonly onProgress: OnProgress; readonly signal: AbortSignal },
): Promise<OpenedPull> {
  const { signal, onProgress } = options;
  const { pull } = target;
  const ports = repositoryPorts(services);
  const client = await findClient(target, services, signal);
  const wanted = target.known ?? (client === null ? readAddress() : await askHost(client));
  const header = client === null ? null : await client.cloneHeader(pull, wanted.cloneUrl, signal);
  const resolve = async (repository: Repository, revision: string): Promise<string | null> => {
    try {
      return (await resolveSnapshot(repository, revision, ports, signal)).commit;
    } catch (error) {
      if (isAppError(error, "revision-unknown")) return null;
      throw error;
    }
  };
  return (await openFetched()) ?? (await fetchAndOpen());

  async function askHost(host: HostClient): Promise<Wanted> {
    const found = await host.pull(pull, signal);
    return {
      cloneUrl: found.cloneUrl,
      head: found.head,
      base: `refs/heads/${found.baseBranch}`,
      title: found.title,
      body: found.body,
    };
  }

  /** A public repository can be read without any access; which branch it goes into nobody says then. */
  function readAddress(): Wanted {
    if (target.address === undefined)
      throw new AppError(
        "host-unconfigured",
        `${pull.repository}#${pull.number} cannot be looked up: no access to ${pull.host} is set.`,
      );
    return { cloneUrl: target.address, head: null, base: "HEAD", title: null, body: null };
  }

  function toOpened(
    repository: Repository,
    base: string,
    head: string,
    notes: readonly string[],
  ): OpenedPull {
    const guess = `Compared with the default branch, because no access to ${pull.host} is set (hosts.tokens) that could say more.`;
    return {
      repository,
      base,
      head,
      title: wanted.title,
      body: wanted.body,
      notes: wanted.base === "HEAD" ? [...notes, guess] : notes,
    };
  }

  /** Null unless the head was fetched before: what it goes into was then fetched too, and is no older. */
  async function openFetched(): Promise<OpenedPull | null> {
    if (wanted.head === null) return null;
    try {
      const repository = await openRepository(wanted.cloneUrl, ports, {
        cwd: "/",
        signal,
        onProgress,
        // A branch of the same repository came with an earlier fetch, its contents did not.
        fetches: "contents",
        authorization: header,
      });
      const base = await resolve(repository, wanted.base);
      const head = await resolve(repository, wanted.head);
      return base === null || head === null ? null : toOpened(repository, base, head, []);
    } catch (error) {
      if (isAppError(error, "repository-unfetched")) return null;
      throw error;
    }
  }

  async function fetchAndOpen(): Promise<OpenedPull> {
    const ref = headRefOf(pull);
    const repository = await openRepository(wanted.cloneUrl, ports, {
      cwd: "/",
      signal,
      onProgress,
      refs: [ref],
      authorization: header,
    });
    const base = await resolve(repository, wanted.base);
    const asked = wanted.head === null ? null : await resolve(repository, wanted.head);
    const head = asked ?? (await resolve(repository, keptRef(ref)));
    if (base === null || head === null)
      throw new AppError(
        "revision-unknown",
        `${repository.name} has no commit ${(base === null ? wanted.base : (wanted.head ?? ref)).slice(0, 100)} that pull request ${pull.number} needs.`,
      );
    const isLater = wanted.head !== null && asked === null;
    return toOpened(
      repository,
      base,
      head,
      isLater
        ? [`The head ${wanted.head.slice(0, 10)} was replaced by a push before it could be fetched.`]
        : [],
    );
  }
}

type Wanted = NonNullable<PullTarget["known"]>;

/** Null without access to the host, and for an address on another one of its kind. */
async function findClient(
  { pull, address }: PullTarget,
  { codeHosts }: Services,
  signal: AbortSignal,
): Promise<HostClient | null> {
  if (!codeHosts.isConfigured(pull.host)) return null;
  const client = await codeHosts.client(pull.host);
  const isElsewhere = address !== undefined && (await client.cloneHeader(pull, address, signal)) === null;
  return isElsewhere ? null : client;
}
