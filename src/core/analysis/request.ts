import type { OnProgress } from "../../contracts/repository.ts";
import type { Analysis } from "../../contracts/analysis.ts";

export interface AnalyzeRequest {
  /** Path or address. */
  readonly source: string;
  /** Commit, branch or tag; the default is HEAD. */
  readonly revision: string | null;
  /** Only commits after this; any date Git understands. */
  readonly since: string | null;
  /** Whether changed lines are counted. */
  readonly countsLines: boolean;
  readonly useCache: boolean;
  readonly cwd: string;
}

/** The parts of a report, in the order in which they become known. */
export type AnalysisPart = Partial<Omit<Analysis, "schema">>;

export interface AnalyzeObserver {
  readonly onProgress: OnProgress;
  /** Called as soon as parts of the report are whole. */
  readonly onPart: (part: AnalysisPart) => void;
}
