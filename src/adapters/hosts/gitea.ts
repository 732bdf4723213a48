import type { HostClient } from "../../contracts/code-host.ts";
export function createGiteaClient(_: unknown): HostClient {
  throw new Error("not yet");
}
