import type { Jobs } from "../../contracts/job.ts";
import type { OnProgress } from "../../contracts/repository.ts";
import { runAtServer } from "../../core/jobs/run-at-server.ts";
import { type AskResult, askResultSchema, type Turn } from "./ask-result.ts";

export interface ServerQuestion {
  readonly question: string;
  /** Path or address of the repository, absolute. */
  readonly source: string;
  readonly revision: string | null;
  readonly model: string | undefined;
  readonly conversation: readonly Turn[];
  readonly cwd: string;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/** Has the server that runs on the same data directory answer. @throws AppError of `runAtServer` */
export async function askAtServer(request: ServerQuestion, jobs: Jobs): Promise<AskResult> {
  const result = await runAtServer(
    {
      kind: "ask",
      source: request.source,
      rev: request.revision,
      options: {
        question: request.question,
        model: request.model ?? null,
        conversation: request.conversation,
      },
    },
    jobs,
    request,
  );
  return askResultSchema.parse(JSON.parse(result));
}
