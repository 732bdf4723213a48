import { locate } from "./servers.ts";

/** Looks for the servers once for the whole run; what is not there is said here, and its tests are skipped. */
export default async function setup(): Promise<void> {
  const servers = await locate();
  for (const server of Object.values(servers) as (typeof servers)[keyof typeof servers][])
    if (server.kind === "missing")
      process.stderr.write(`${server.reason}\nTests that need it are skipped.\n`);
}
