import type { HostClient } from "../../contracts/code-host.ts";
export function createGitlabClient(_: unknown): HostClient {
  throw new Error("not yet");
}
