import type { LoadedConfig } from "../config/load.ts";
import type { Cache } from "./cache.ts";
import type { EcosystemDefinition } from "./ecosystem.ts";
import type { Git } from "./git.ts";
import type { Locks } from "./lock.ts";
import type { HostLookup } from "./network.ts";
import type { Scanner } from "./scanner.ts";

/** Everything the product can use, built once by `main.ts` and handed in. */
export interface Services {
  readonly config: LoadedConfig;
  readonly git: Git;
  readonly locks: Locks;
  readonly hosts: HostLookup;
  readonly cache: Cache;
  readonly scanner: Scanner;
  /** Loaded with the first call: a report from the cache needs none. */
  readonly ecosystems: () => Promise<readonly EcosystemDefinition[]>;
  /** Processors to spread work over. */
  readonly parallelism: number;
}
