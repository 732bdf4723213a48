import { AppError, isAppError } from "../../base/errors.ts";
import { headRefOf, type HostClient, type PullRef } from "../../contracts/code-host.ts";
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
  const client = services.codeHosts.isConfigured(pull.host)
    ? await services.codeHosts.client(pull.host)
    : null;
  const wanted = target.known ?? (await askHost());
  const resolve = async (repository: Repository, revision: string): Promise<string | null> => {
    try {
      return (await resolveSnapshot(repository, revision, ports, signal)).commit;
    } catch (error) {
      if (isAppError(error, "revision-unknown")) return null;
      throw error;
    }
  };
  return (await openFetched()) ?? (await fetchAndOpen());

  async function askHost(): Promise<NonNullable<PullTarget["known"]> & { readonly body: string | null }> {
    if (client === null)
      throw new AppError(
        "host-unconfigured",
        `${pull.repository}#${pull.number} cannot be looked up: no access to ${pull.host} is set.`,
      );
    const found = await client.pull(pull, signal);
    return {
      cloneUrl: found.cloneUrl,
      head: found.head,
      base: `refs/heads/${found.baseBranch}`,
      title: found.title,
      body: found.body,
    };
  }

  function toOpened(
    repository: Repository,
    base: string,
    head: string,
    notes: readonly string[],
  ): OpenedPull {
    return { repository, base, head, title: wanted.title, body: wanted.body, notes };
  }

  /** Null unless the head was fetched before: what it goes into was then fetched too, and is no older. */
  async function openFetched(): Promise<OpenedPull | null> {
    if (wanted.head === null) return null;
    try {
      const repository = await openRepository(wanted.cloneUrl, ports, {
        cwd: "/",
        signal,
        onProgress,
        fetches: false,
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
      authorization: await headerOf(client, pull, wanted.cloneUrl, signal),
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

function headerOf(
  client: HostClient | null,
  pull: PullRef,
  cloneUrl: string,
  signal: AbortSignal,
): Promise<string | null> {
  return client === null ? Promise.resolve(null) : client.cloneHeader(pull, cloneUrl, signal);
}
