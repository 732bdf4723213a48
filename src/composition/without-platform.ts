import { AppError } from "../base/errors.ts";
import type { JobDefinitions } from "../contracts/job.ts";
import type { Services } from "../contracts/services.ts";
import { composeAnswers } from "./answers.ts";
import type { LocalServices } from "./services.ts";

/** Services for a process that has no database, by design: what it wants to store goes through its worker. */
export function withoutPlatform(
  services: LocalServices,
  kinds: JobDefinitions,
  through?: Pick<Services, "stores" | "models">,
): Services {
  const refuse = (): never => {
    throw new AppError("internal", "A job has no database; it works through its context.");
  };
  const all: Services = {
    ...services,
    answer: composeAnswers(() => all),
    jobKinds: async () => kinds,
    databases: refuse,
    platform: refuse,
    stores: refuse,
    serverStores: async () => null,
    models: refuse,
    jobs: refuse,
    serve: refuse,
    ...through,
  };
  return all;
}
