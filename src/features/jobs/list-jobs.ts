import type { Job, JobFilter, Jobs } from "../../contracts/job.ts";
import type { Terminal } from "../../contracts/terminal.ts";
import { formatColumns } from "../../base/columns.ts";
import { describeJob, formatAge } from "./job-text.ts";

const pageSize = 100;
const mostAtOnce = 100_000;
/** Of an id, what still tells apart jobs of one millisecond. */
const shortId = 18;
const wideEnough = 120;

/** The newest jobs, at most `most`. */
export async function readJobs(jobs: Jobs, filter: JobFilter, most: number): Promise<readonly Job[]> {
  const found: Job[] = [];
  let cursor: string | undefined;
  const end = Math.min(most, mostAtOnce);
  while (found.length < end) {
    const page = await jobs.list(filter, { limit: Math.min(pageSize, end - found.length), cursor });
    found.push(...page.items);
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  return found;
}

/** Jobs as lines; whole ids where they go into another program or fit. */
export function writeJobs(jobs: readonly Job[], terminal: Terminal, now: number): void {
  const hasWholeIds = !terminal.isInteractive || terminal.columns >= wideEnough;
  const rows = jobs.map((job) => [
    hasWholeIds ? job.id : job.id.slice(0, shortId),
    job.status,
    job.kind,
    formatAge(job.createdAt, now),
    [job.source ?? "", describeJob(job)].filter((part) => part !== "").join("  "),
  ]);
  terminal.write(formatColumns(rows, terminal.isInteractive ? terminal.columns : Infinity));
}
