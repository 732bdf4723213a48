import { readFileSync } from "node:fs";
import type { App } from "@octokit/app";
import { RequestError } from "@octokit/request-error";
import { AppError } from "../../base/errors.ts";
import type { PullRef } from "../../contracts/code-host.ts";
import { type CallHost, type HostAccess, toBase } from "./host-api.ts";
import { describeRefusal } from "./host-failures.ts";
import { encodePath, idAt } from "./read.ts";

export interface GithubAccess extends HostAccess {
  /** The App that we act as; null with a token. */
  readonly app: { readonly id: string; readonly privateKey: string } | null;
}

/** With which token something is done. */
export interface GithubTokens {
  readonly isApp: boolean;
  /** Of the App's installation on a repository, or the one token there is. `isFresh`: not one from before. */
  of(
    ref: Pick<PullRef, "repository" | "installation">,
    signal: AbortSignal,
    isFresh?: boolean,
  ): Promise<string>;
  /** The App's own. @throws AppError `host-unconfigured` without an App */
  ofApp(): Promise<string>;
}

export function githubBase(address: string): string {
  return address === "" ? "https://api.github.com" : toBase("GitHub", address, "/api/v3");
}

/** A plain token, or those of a GitHub App: its key signs, and GitHub gives a token for an hour. */
export function createGithubTokens(access: GithubAccess, call: CallHost): GithubTokens {
  const { app: given } = access;
  if (given === null)
    return {
      isApp: false,
      of: async () => access.token,
      ofApp: async () => {
        throw new AppError("host-unconfigured", "This needs a GitHub App; only a token is set.");
      },
    };
  let loading: Promise<App> | null = null;
  const load = (): Promise<App> => (loading ??= createApp(given, githubBase(access.address)));
  const installations = new Map<string, number>();

  async function ofApp(): Promise<string> {
    return tokenOf(async () => (await load()).octokit.auth({ type: "app" }));
  }

  async function installationOf(repository: string, signal: AbortSignal): Promise<number> {
    const known = installations.get(repository);
    if (known !== undefined) return known;
    const { data } = await call({
      path: `/repos/${encodePath(repository)}/installation`,
      headers: { authorization: `Bearer ${await ofApp()}` },
      signal,
    });
    const id = Number(idAt(data, "id"));
    installations.set(repository, id);
    return id;
  }

  return {
    isApp: true,
    ofApp,
    async of({ repository, installation }, signal, isFresh = false) {
      const installationId = installation ?? (await installationOf(repository, signal));
      return tokenOf(async () =>
        (await load()).octokit.auth({ type: "installation", installationId, refresh: isFresh }),
      );
    },
  };
}

async function createApp(
  { id, privateKey }: NonNullable<GithubAccess["app"]>,
  baseUrl: string,
): Promise<App> {
  const { App } = await import("@octokit/app");
  type OctokitClass = NonNullable<ConstructorParameters<typeof App>[0]["Octokit"]>;
  const key = readKey(privateKey);
  // The class that it would take by itself, for another address than GitHub's own.
  const Octokit = new App({ appId: id, privateKey: key }).octokit.constructor as OctokitClass;
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  return new App({
    appId: id,
    privateKey: key,
    Octokit: Octokit.defaults({ baseUrl, log: quiet }),
    log: quiet,
  });
}

function readKey(given: string): string {
  // In an environment variable lines are often written as \n.
  const text = given.includes("-----BEGIN") ? given.replaceAll("\\n", "\n") : readKeyFile(given);
  if (/-----BEGIN (RSA )?PRIVATE KEY-----/.test(text)) return text;
  throw new AppError("config-invalid", "Setting hosts.github_private_key is no private key in PEM.");
}

function readKeyFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new AppError(
      "config-invalid",
      "Setting hosts.github_private_key is neither the text of a key nor the path of a file that can be read.",
      {},
      error,
    );
  }
}

async function tokenOf(authenticate: () => Promise<unknown>): Promise<string> {
  try {
    return ((await authenticate()) as { readonly token: string }).token;
  } catch (error) {
    if (error instanceof AppError) throw error;
    // Its headers hold what we signed, so it is not kept as cause.
    if (error instanceof RequestError && error.response)
      throw describeRefusal(
        "GitHub",
        {
          method: "POST",
          path: new URL(error.request.url).pathname,
          headers: {},
          signal: new AbortController().signal,
        },
        {
          status: error.status,
          headers: new Headers(
            Object.entries(error.response.headers).map(([name, value]) => [name, String(value)]),
          ),
          text: JSON.stringify(error.response.data ?? ""),
        },
      );
    if (error instanceof RequestError)
      throw new AppError("host-unreachable", "GitHub cannot be reached for a token of the App.");
    throw new AppError(
      "config-invalid",
      `No token of the GitHub App could be made: ${error instanceof Error ? error.message.slice(0, 200) : "unknown"}. Check hosts.github_app_id and hosts.github_private_key.`,
    );
  }
}
