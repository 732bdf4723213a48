import { fileURLToPath } from "node:url";
import { openEmbeddedDatabase } from "../adapters/pglite/embedded-database.ts";
import { openPostgresDatabase } from "../adapters/postgres/postgres-database.ts";
import type { DatabaseTools } from "../contracts/database.ts";
import type { Locks } from "../contracts/lock.ts";
import { readMigrations } from "../core/database/migrate.ts";
import { createDatabaseTools } from "../core/database/tools.ts";
import type { AllServicesInput } from "./create-services.ts";

/** What `repowright db …` works with: it opens databases by itself. */
export function composeDatabaseTools(input: AllServicesInput, locks: Locks): DatabaseTools {
  const { values } = input.config;
  return createDatabaseTools({
    config: values,
    locks,
    migrations: () => readMigrations(fileURLToPath(input.migrationsUrl)),
    environment: input.environment,
    now: Date.now,
    openEngine: (directory, use) =>
      openEmbeddedDatabase({ directory, workerUrl: input.databaseWorkerUrl, ...use }),
    openServer: (url) =>
      openPostgresDatabase({ url, connections: values["database.connections"], carriesQueue: false }),
  });
}
