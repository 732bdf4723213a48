import type { HostClient } from "../../contracts/code-host.ts";
export function createGithubClient(_: unknown): HostClient {
  throw new Error("not yet");
}
