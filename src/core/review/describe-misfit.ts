import { z } from "zod";

/** What does not fit a schema, on one line: `max_findings: expected number to be >=1`. */
export function describeMisfit(error: z.ZodError, maxLength: number): string {
  return error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${z.core.toDotPath(path)}: ${message}`))
    .join("; ")
    .replaceAll(/\s+/g, " ")
    .slice(0, maxLength);
}
