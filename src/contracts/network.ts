/** Looks up the addresses of a host name, so that they can be judged and pinned before anything is sent. */
export interface HostLookup {
  /** @throws AppError `network-unreachable` when the name has no address */
  addresses(host: string): Promise<readonly string[]>;
}
