import type { EmbeddingSummary } from "../../core/index/embed/embed-snapshot.ts";
import type { OpenedIndex } from "../../core/index/search/open-index.ts";

export interface IndexSummary {
  readonly repository: string;
  /** Full commit id. */
  readonly rev: string;
  readonly files: number;
  readonly lines: number;
  /** Functions, methods, classes and types. */
  readonly definitions: number;
  /** Definitions and the pieces between them. */
  readonly units: number;
  readonly commits: number;
  readonly warnings: number;
  /** Null when no vectors were asked for. */
  readonly embedding: EmbeddingSummary | null;
  readonly tookMs: number;
}

/** What an index holds, in numbers. */
export function summariseIndex(
  { snapshot, index, warnings }: OpenedIndex,
  embedding: EmbeddingSummary | null,
  tookMs: number,
): IndexSummary {
  let lines = 0;
  let units = 0;
  let definitions = 0;
  for (const { record } of index.files) {
    if (record === null) continue;
    lines += record.lines;
    units += record.unitKinds.length;
    for (const kind of record.unitKinds) if (kind > 0) definitions++;
  }
  return {
    repository: snapshot.repository.name,
    rev: snapshot.commit,
    files: index.files.length,
    lines,
    definitions,
    units,
    commits: index.history.rows.length,
    warnings: warnings.length,
    embedding,
    tookMs,
  };
}
