import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";

const serverFileSchema = z.object({
  pid: z.number().int(),
  /** The machine or container that `pid` belongs to. */
  host: z.string(),
  url: z.string(),
  startedAt: z.iso.datetime(),
});

/** Where the server that uses a data directory can be reached. */
export type ServerFile = z.output<typeof serverFileSchema>;

/** Tells the command line where the server is; the returned function takes it back. */
export function writeServerFile(
  dataDir: string,
  server: { readonly url: string; readonly pid: number; readonly startedAt: Date },
): () => void {
  const path = fileIn(dataDir);
  const content = {
    ...server,
    host: hostname(),
    startedAt: server.startedAt.toISOString(),
  } satisfies ServerFile;
  writeFileSync(`${path}.tmp`, `${JSON.stringify(content)}\n`, { mode: 0o600 });
  renameSync(`${path}.tmp`, path);
  return () => {
    // A later server may have written its own.
    if (readServerFile(dataDir)?.pid === server.pid) rmSync(path, { force: true });
  };
}

/** Null where no server runs. What is left of a server of another machine is believed. */
export function readServerFile(dataDir: string): ServerFile | null {
  try {
    const server = serverFileSchema.parse(JSON.parse(readFileSync(fileIn(dataDir), "utf8")));
    return server.host === hostname() && !isRunning(server.pid) ? null : server;
  } catch {
    return null;
  }
}

function fileIn(dataDir: string): string {
  return join(dataDir, "server.json");
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
