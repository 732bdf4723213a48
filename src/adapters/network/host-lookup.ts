import { lookup } from "node:dns/promises";
import { AppError } from "../../base/errors.ts";
import type { HostLookup } from "../../contracts/network.ts";

/** The system's resolver: hosts file, then DNS. */
export function createHostLookup(): HostLookup {
  return {
    async addresses(host) {
      try {
        return (await lookup(host, { all: true })).map((entry) => entry.address);
      } catch (error) {
        throw new AppError("network-unreachable", `The host ${host} has no address.`, {}, error);
      }
    },
  };
}
