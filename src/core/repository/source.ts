import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { AppError } from "../../base/errors.ts";
import { printableLine } from "../../base/text.ts";

export interface LocalSource {
  readonly kind: "local";
  /** Absolute path as given, not yet known to be a repository. */
  readonly path: string;
}

export interface RemoteSource {
  readonly kind: "remote";
  readonly protocol: string;
  readonly host: string;
  readonly port: number | null;
  /** What Git is given: never with a password in it. */
  readonly url: string;
  /** Last part of the path without `.git`. */
  readonly name: string;
  /** Same for the same repository, whatever way it is written: names the clone's folder. */
  readonly key: string;
  /** `user:password` or `token` that stood in the address. */
  readonly credentials: string | null;
}

export type Source = LocalSource | RemoteSource;

const maxSourceLength = 2_048;
const knownProtocols: Readonly<Record<string, number>> = { https: 443, http: 80, ssh: 22, file: 0 };

/**
 * Reads what a person gave as source: a path, an `https://` or `ssh://` URL, or `git@host:path`.
 * @throws AppError `source-invalid` when it is none of these, `source-refused` when its protocol is not allowed
 */
export function parseSource(
  text: string,
  options: { readonly cwd: string; readonly protocols: readonly string[] },
): Source {
  const shown = printableLine(text.replace(/\/\/[^@/]*@/, "//…@")).slice(0, 200);
  if (text === "") throw new AppError("source-invalid", "The source is empty.");
  if (text.length > maxSourceLength)
    throw new AppError("source-invalid", `The source is longer than ${maxSourceLength} characters.`);
  if (text.startsWith("-")) throw new AppError("source-invalid", `The source ${shown} begins with a dash.`);
  if (/[\u0000-\u001f\u007f]/.test(text))
    throw new AppError("source-invalid", `The source ${shown} has control characters in it.`);
  if (/^[a-z][a-z0-9+.-]*::/i.test(text))
    throw new AppError("source-refused", `The source ${shown} names a remote helper, which is never run.`);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return parseUrl(text, shown, options.protocols);
  // git's own rule: `host:path` is an ssh address unless a slash comes before the colon.
  const scp = /^(?:([^@/:\s]+)@)?(\[[0-9a-f:]+\]|[^@/:\s]+):(?!\/\/)(.+)$/i.exec(text);
  if (scp && !/^[a-z]:[\\/]/i.test(text)) {
    const [, user, host, path] = scp;
    const absolute = path!.startsWith("/") ? path! : `/${path!.startsWith("~") ? path! : `./${path!}`}`;
    return toRemote(
      {
        protocol: "ssh",
        host: host!,
        port: null,
        path: path!,
        user: user ?? null,
        credentials: null,
        url: text,
        absolute,
      },
      shown,
      options.protocols,
    );
  }
  return { kind: "local", path: resolve(options.cwd, text) };
}

function parseUrl(text: string, shown: string, protocols: readonly string[]): RemoteSource | LocalSource {
  let url: URL;
  try {
    url = new URL(text);
  } catch (error) {
    throw new AppError("source-invalid", `The source ${shown} is not a valid address.`, {}, error);
  }
  const protocol = url.protocol.slice(0, -1);
  if (!(protocol in knownProtocols))
    throw new AppError("source-refused", `The source ${shown} uses ${protocol}, which is not supported.`);
  if (protocol === "file") {
    if (!protocols.includes("file"))
      throw new AppError("source-refused", `The source ${shown} uses file, which is not in git.protocols.`);
    return { kind: "local", path: decodePart(url.pathname, shown) };
  }
  if (url.hostname === "" || url.pathname === "" || url.pathname === "/")
    throw new AppError("source-invalid", `The source ${shown} names no repository.`);
  const user = url.username === "" ? null : decodePart(url.username, shown);
  const password = decodePart(url.password, shown);
  const isSsh = protocol === "ssh";
  const credentials = isSsh || user === null ? null : password === "" ? user : `${user}:${password}`;
  const port = url.port === "" ? null : Number(url.port);
  const authority = `${isSsh && user !== null ? `${user}@` : ""}${url.hostname}${port === null ? "" : `:${port}`}`;
  const path = url.pathname;
  return toRemote(
    {
      protocol,
      host: url.hostname,
      port,
      path,
      user,
      credentials,
      url: `${protocol}://${authority}${path}`,
      absolute: path,
    },
    shown,
    protocols,
  );
}

/** Percent signs can hide what the address itself may not have. @throws AppError `source-invalid` */
function decodePart(text: string, shown: string): string {
  try {
    const part = decodeURIComponent(text);
    if (!/[\u0000-\u001f\u007f]/.test(part)) return part;
  } catch {
    // Not UTF-8, or no escape at all.
  }
  throw new AppError("source-invalid", `The source ${shown} has percent signs in it that stand for no text.`);
}

interface Parts {
  readonly protocol: string;
  readonly host: string;
  readonly port: number | null;
  readonly path: string;
  readonly user: string | null;
  readonly credentials: string | null;
  readonly url: string;
  readonly absolute: string;
}

function toRemote(parts: Parts, shown: string, protocols: readonly string[]): RemoteSource {
  if (!protocols.includes(parts.protocol))
    throw new AppError(
      "source-refused",
      `The source ${shown} uses ${parts.protocol}, which is not in git.protocols (${protocols.join(", ")}).`,
    );
  // A host or user that begins with a dash would be read as an option by ssh.
  if (parts.host.startsWith("-") || parts.user?.startsWith("-") || parts.path.startsWith("-"))
    throw new AppError("source-invalid", `The source ${shown} has a part that begins with a dash.`);
  const host = parts.host.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  // ssh gets its options through a shell, and a name with `$(…)` in it can be made to resolve.
  if (!/^[a-z0-9_.:-]+$/.test(host))
    throw new AppError(
      "source-invalid",
      `The source ${shown} has a host that is neither a name nor an address.`,
    );
  const path = parts.absolute.replace(/\/+$/, "").replace(/\.git$/, "");
  const name = path.split("/").at(-1) || host;
  const port = parts.port === knownProtocols[parts.protocol] ? null : parts.port;
  const user = parts.protocol === "ssh" ? (parts.user ?? "") : "";
  const identity = `${parts.protocol}://${user}@${host}:${port ?? ""}${path}`;
  return {
    kind: "remote",
    protocol: parts.protocol,
    host,
    port: parts.port,
    url: parts.url,
    name,
    key: createHash("sha256").update(identity).digest("hex").slice(0, 16),
    credentials: parts.credentials,
  };
}
