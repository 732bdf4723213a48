import { fileURLToPath } from "node:url";
import { openEmbeddedDatabase } from "../../src/adapters/pglite/embedded-database.ts";
import { createLocks } from "../../src/adapters/sqlite/locks.ts";
import { readMigrations } from "../../src/core/database/migrate.ts";
import type { EmbeddedPorts } from "../../src/core/database/open-embedded.ts";

const workerUrl = new URL("../../src/database-worker.ts", import.meta.url);

/** The real adapters, as `main.ts` hands them in. */
export function createEmbeddedPorts(settings: Partial<EmbeddedPorts> = {}): EmbeddedPorts {
  return {
    openEngine: (directory, use) => openEmbeddedDatabase({ directory, workerUrl, ...use }),
    locks: createLocks(),
    migrations: readMigrations(fileURLToPath(new URL("../../migrations", import.meta.url))),
    ballastBytes: 2 ** 20,
    ...settings,
  };
}
