import type { Log } from "../../contracts/log.ts";
import type { GitOptions, GitRemoteAccess } from "../../contracts/git.ts";

/** What the operator allows Git to do, from the settings. */
export interface GitPolicy {
  readonly log: Log;
  readonly program: string;
  readonly path: string;
  /** An empty folder of ours that stands in for the user's home. */
  readonly homeDir: string;
  readonly sshCommand: string;
  /** Socket of the user's ssh agent, or empty. */
  readonly sshAgent: string;
  readonly proxy: string;
  readonly caFile: string;
  readonly commandTimeoutMs: number;
  /** For commands that compare trees and contents. */
  readonly memoryBytes: number;
}

/**
 * Harmless flaws that old and well-known repositories carry in their history. Everything that an attack needs
 * (`.git` in a path, `.gitmodules` with a leading dash, symlinked `.gitmodules`) stays an error.
 */
const toleratedFlaws = [
  "badDateOverflow",
  "badEmail",
  "badFilemode",
  "badName",
  "badTimezone",
  "duplicateEntries",
  "missingEmail",
  "missingNameBeforeEmail",
  "missingSpaceBeforeDate",
  "missingSpaceBeforeEmail",
  "missingTaggerEntry",
  "multipleAuthors",
  "nullSha1",
  "treeNotSorted",
  "zeroPaddedDate",
  "zeroPaddedFilemode",
] as const;

/** Settings for every command, given as `-c` so that they win over any file. */
export function gitSettings(policy: GitPolicy, options: GitOptions): string[] {
  const settings = [
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.symlinks=false",
    "core.quotePath=false",
    "core.attributesFile=/dev/null",
    "core.excludesFile=/dev/null",
    "gc.auto=0",
    "maintenance.auto=false",
    "log.showSignature=false",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "credential.helper=",
    "advice.detachedHead=false",
  ];
  const { remote } = options;
  if (remote) {
    settings.push(
      "http.followRedirects=false",
      "protocol.version=2",
      "transfer.fsckObjects=true",
      "transfer.advertiseSID=false",
      "fetch.writeCommitGraph=false",
      "remote.origin.promisor=true",
      "remote.origin.partialclonefilter=blob:none",
      ...toleratedFlaws.map((flaw) => `fetch.fsck.${flaw}=ignore`),
    );
    if (remote.pinnedAddress && remote.protocol !== "ssh") {
      const { host, port, address } = remote.pinnedAddress;
      const shown = address.includes(":") ? `[${address}]` : address;
      settings.push(
        `http.curloptResolve=${host}:${port ?? (remote.protocol === "https" ? 443 : 80)}:${shown}`,
      );
    }
    if (policy.proxy !== "") settings.push(`http.proxy=${policy.proxy}`);
    if (policy.caFile !== "") settings.push(`http.sslCAInfo=${policy.caFile}`);
  }
  return [...settings, ...(options.settings ?? [])];
}

/** The whole environment of a command: nothing of the user's is inherited but PATH and the ssh agent. */
export function gitEnvironment(policy: GitPolicy, options: GitOptions): Record<string, string> {
  const { remote, workTree } = options;
  const environment: Record<string, string> = {
    PATH: policy.path,
    HOME: policy.homeDir,
    XDG_CONFIG_HOME: policy.homeDir,
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "/bin/false",
    SSH_ASKPASS: "/bin/false",
    GIT_LFS_SKIP_SMUDGE: "1",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_NO_LAZY_FETCH: "1",
    GIT_PAGER: "cat",
    GIT_ALLOW_PROTOCOL: remote?.protocol ?? "",
  };
  if (remote?.protocol === "ssh") {
    environment["GIT_SSH_COMMAND"] = sshCommand(policy, remote);
    if (policy.sshAgent !== "") environment["SSH_AUTH_SOCK"] = policy.sshAgent;
  }
  if (remote?.authorization) {
    environment["GIT_CONFIG_COUNT"] = "1";
    environment["GIT_CONFIG_KEY_0"] = `http.${remote.authorization.urlPrefix}.extraHeader`;
    environment["GIT_CONFIG_VALUE_0"] = `Authorization: ${remote.authorization.header}`;
  }
  if (workTree) {
    environment["GIT_WORK_TREE"] = workTree.path;
    environment["GIT_INDEX_FILE"] = workTree.indexFile;
  }
  return environment;
}

function sshCommand(policy: GitPolicy, remote: GitRemoteAccess): string {
  const command = `${policy.sshCommand} -oBatchMode=yes`;
  if (!remote.pinnedAddress) return command;
  const { host, port, address } = remote.pinnedAddress;
  // The host key is still looked up under the name that the user knows.
  const alias = port === null || port === 22 ? host : `[${host}]:${port}`;
  return `${command} -oHostName=${shellWord(address)} -oHostKeyAlias=${shellWord(alias)}`;
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
