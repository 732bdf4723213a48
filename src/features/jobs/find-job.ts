import { AppError } from "../../base/errors.ts";
import type { Job, Jobs } from "../../contracts/job.ts";

const leastPrefix = 8;
const pageSize = 100;
const maxPages = 50;

/**
 * The job that a person means by its id or by the beginning of it.
 * @throws AppError `job-unknown`, `usage` when several begin so
 */
export async function findJob(jobs: Jobs, text: string): Promise<Job> {
  const id = text.toLowerCase();
  if (/^[\da-f-]{36}$/.test(id) || id.length < leastPrefix || /[^\da-f-]/.test(id)) return jobs.get(text);
  const found: Job[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const { items, nextCursor } = await jobs.list({}, { limit: pageSize, cursor });
    found.push(...items.filter((job) => job.id.startsWith(id)));
    // Ids grow with time and the newest come first: nothing older can begin so.
    if (nextCursor === null || (items.at(-1)?.id ?? "") < id) break;
    cursor = nextCursor;
  }
  if (found.length > 1)
    throw new AppError(
      "usage",
      `${found.length} jobs begin with ${text}: ${found
        .slice(0, 3)
        .map((job) => job.id)
        .join(", ")}${found.length > 3 ? ", …" : ""}.`,
    );
  return found[0] ?? jobs.get(text);
}
