import { AppError } from "../base/errors.ts";
import type { Config } from "../config/schema.ts";
import type { CodeHosts, HostClient, HostDefinition, HostId } from "../contracts/code-host.ts";

/** The hosts as the settings have them; what speaks to one is loaded with its first call. */
export function composeCodeHosts(config: Config, retryMs = 250): CodeHosts {
  let definitions: Promise<readonly HostDefinition[]> | null = null;
  const clients = new Map<HostId, Promise<HostClient>>();
  const tokenOf = (host: HostId): string => config["hosts.tokens"][host] ?? "";
  const hasApp = config["hosts.github_app_id"] !== "" && config["hosts.github_private_key"] !== "";
  const isConfigured = (host: HostId): boolean => tokenOf(host) !== "" || (host === "github" && hasApp);

  async function load(host: HostId): Promise<HostClient> {
    const access = {
      token: tokenOf(host),
      address: config["hosts.addresses"][host] ?? "",
      timeoutMs: config["hosts.timeout"],
      retryMs,
    };
    if (host === "gitlab") return (await import("../adapters/hosts/gitlab.ts")).createGitlabClient(access);
    if (host === "gitea") return (await import("../adapters/hosts/gitea.ts")).createGiteaClient(access);
    const { createGithubClient } = await import("../adapters/hosts/github.ts");
    return createGithubClient({
      ...access,
      app: hasApp
        ? { id: config["hosts.github_app_id"], privateKey: config["hosts.github_private_key"] }
        : null,
    });
  }

  async function loadDefinitions(): Promise<readonly HostDefinition[]> {
    const { hosts } = await import("../extensions/hosts/registry.generated.ts");
    return hosts.toSorted((a, b) => Number(b.asksBefore.length > 0) - Number(a.asksBefore.length > 0));
  }

  return {
    definitions: () => (definitions ??= loadDefinitions()),
    secretsOf: (host) => (config["webhooks.secrets"][host] ?? "").split(/\s+/).filter((each) => each !== ""),
    isConfigured,
    async client(host) {
      if (!isConfigured(host))
        throw new AppError("host-unconfigured", `No access to ${host} is set (hosts.tokens).`);
      let client = clients.get(host);
      if (client === undefined) clients.set(host, (client = load(host)));
      // An address that is no address is no reason to fail for ever: nothing was kept but the promise.
      client.catch(() => clients.delete(host));
      return client;
    },
  };
}
