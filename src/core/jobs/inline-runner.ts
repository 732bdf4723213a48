import type { JobDefinitions } from "../../contracts/job.ts";
import type { JobRunner } from "../../contracts/job-runner.ts";
import type { Services } from "../../contracts/services.ts";
import { runAttempt } from "./run-attempt.ts";

/** Runs attempts in this very process: for code that is known to behave. */
export function createInlineRunner(kinds: JobDefinitions, services: Services): JobRunner {
  return {
    run: (task, hooks, signal) => runAttempt(kinds.get(task.kind)!, task, services, hooks, signal),
    async close() {},
  };
}
