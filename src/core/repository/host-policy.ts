import { BlockList, isIP } from "node:net";
import { AppError } from "../../base/errors.ts";
import type { GitRemoteAccess } from "../../contracts/git.ts";
import type { HostLookup } from "../../contracts/network.ts";
import type { RemoteSource } from "./source.ts";

/** Ranges that are not the public internet (IANA special-purpose registries). */
const privateRanges = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
  ["::", 128],
  ["::1", 128],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 32],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const;

const blocked = new BlockList();
for (const [address, bits] of privateRanges)
  blocked.addSubnet(address, bits, address.includes(":") ? "ipv6" : "ipv4");

/** Whether an IP address is loopback, private, link-local or otherwise not public. */
export function isPrivateAddress(address: string): boolean {
  const kind = isIP(address);
  if (kind === 0) return true;
  return blocked.check(address, kind === 6 ? "ipv6" : "ipv4");
}

export interface HostPolicy {
  readonly allowPrivateHosts: boolean;
  readonly hasProxy: boolean;
  readonly tokens: Readonly<Record<string, string>>;
  /** `Authorization` header that goes before the tokens. */
  readonly header?: string | null;
}

/**
 * Decides whether a source's host may be reached and how. The address that was judged is the one that is used:
 * a name that answers differently the second time (DNS rebinding) gains nothing.
 * @throws AppError `source-refused` for a private address, `network-unreachable` for a name without one
 */
export async function authorizeRemote(
  source: RemoteSource,
  policy: HostPolicy,
  lookup: HostLookup,
): Promise<GitRemoteAccess> {
  const authorization = authorizationOf(source, policy);
  const access = { protocol: source.protocol, ...(authorization ? { authorization } : {}) };
  if (policy.allowPrivateHosts || policy.hasProxy) return access;
  const addresses = isIP(source.host) ? [source.host] : await lookup.addresses(source.host);
  const refused = addresses.find(isPrivateAddress);
  if (refused !== undefined)
    throw new AppError(
      "source-refused",
      `The host ${source.host} is at ${refused}, which is not a public address.`,
    );
  const address = addresses[0]!;
  return { ...access, pinnedAddress: { host: source.host, port: source.port, address } };
}

function authorizationOf(
  source: RemoteSource,
  { tokens, header }: HostPolicy,
): GitRemoteAccess["authorization"] {
  if (source.protocol !== "https" && source.protocol !== "http") return undefined;
  if (header) return { urlPrefix: new URL("/", source.url).href, header };
  const secret = source.credentials ?? tokens[source.host];
  if (secret === undefined) return undefined;
  // A bare token goes where every large host takes it: as the password of a user whose name does not matter.
  const pair = secret.includes(":") ? secret : `x-access-token:${secret}`;
  return {
    urlPrefix: new URL("/", source.url).href,
    header: `Basic ${Buffer.from(pair).toString("base64")}`,
  };
}
