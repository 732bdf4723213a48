import { AppError } from "../base/errors.ts";
import type { JobDefinitions } from "../contracts/job.ts";
import type { Services } from "../contracts/services.ts";
import type { LocalServices } from "./services.ts";

/** Services for a process that has no database, by design: what it wants to store goes through its worker. */
export function withoutPlatform(services: LocalServices, jobKinds: JobDefinitions): Services {
  const refuse = (): never => {
    throw new AppError("internal", "A job has no database; it works through its context.");
  };
  const databases = { backup: refuse, restore: refuse, migrate: refuse, move: refuse };
  return { ...services, jobKinds, databases, platform: refuse, jobs: refuse, serve: refuse };
}
