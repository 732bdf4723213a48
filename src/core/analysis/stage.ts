import type { Snapshot } from "../../contracts/repository.ts";
import type { Services } from "../../contracts/services.ts";
import type { AnalyzeObserver, AnalyzeRequest } from "./request.ts";
import type { Timings } from "./timings.ts";

/** What all stages of one analysis share. */
export interface Stage {
  readonly services: Services;
  readonly request: AnalyzeRequest;
  readonly observer: AnalyzeObserver;
  readonly signal: AbortSignal;
  readonly snapshot: Snapshot;
  readonly timings: Timings;
}
