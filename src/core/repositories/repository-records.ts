import { v7 as uuidv7 } from "uuid";
import { AppError } from "../../base/errors.ts";
import type { Database } from "../../contracts/database.ts";
import type { Jobs } from "../../contracts/job.ts";
import type { RepositoryRecord, RepositoryRecords } from "../../contracts/platform.ts";
import { fromCursor, toCursor } from "../jobs/cursor.ts";
import { describeSource } from "./describe-source.ts";

interface RepositoryRow {
  readonly id: string;
  readonly source: string;
  readonly name: string;
  readonly created_at: Date;
  readonly snapshots: number;
  readonly last_commit: string | null;
  readonly last_job: string | null;
}

const selectRepositories = `
  select id, source, name, created_at,
    (select count(*)::int from snapshots where repository_id = repositories.id) as snapshots,
    (select commit_id from snapshots where repository_id = repositories.id order by created_at desc limit 1) as last_commit,
    (select id from jobs where repository_id = repositories.id and kind = 'analyze' and status = 'completed'
      order by id desc limit 1) as last_job
  from repositories`;

export function createRepositoryRecords(
  database: Database,
  jobs: Pick<Jobs, "cancel">,
  protocols: readonly string[],
): RepositoryRecords {
  async function get(id: string): Promise<RepositoryRecord> {
    const [row] = await database.query<RepositoryRow>(`${selectRepositories} where id = $1`, [id]);
    if (!row)
      throw new AppError("repository-unknown", `There is no repository ${JSON.stringify(id).slice(0, 100)}.`);
    return toRecord(row);
  }

  return {
    get,
    async register(source, options) {
      const described = describeSource(source, { ...options, protocols });
      const id = uuidv7();
      const [row] = await database.query<{ id: string }>(
        `insert into repositories (id, source, name) values ($1, $2, $3)
         on conflict (source) do update set name = excluded.name returning id`,
        [id, described.source, described.name],
      );
      return { repository: await get(row!.id), isNew: row!.id === id };
    },
    async list(page) {
      const rows = await database.query<RepositoryRow>(
        `${selectRepositories} where $1::text is null or id > $1 order by id limit $2`,
        [page.cursor === undefined ? null : fromCursor(page.cursor), page.limit + 1],
      );
      const items = rows.slice(0, page.limit).map(toRecord);
      return { items, nextCursor: rows.length > page.limit ? toCursor(items.at(-1)!.id) : null };
    },
    async delete(id) {
      const running = await database.query<{ id: string }>(
        "select id from jobs where repository_id = $1 and status in ('pending', 'processing', 'waiting')",
        [id],
      );
      // One that ends by itself meanwhile is as good as cancelled.
      for (const job of running)
        await jobs.cancel(job.id).catch((error: unknown) => {
          if (!(error instanceof AppError) || !error.code.startsWith("job-")) throw error;
        });
      const rows = await database.query("delete from repositories where id = $1 returning id", [id]);
      if (rows.length === 0) await get(id);
    },
    async analysis(id, commit) {
      const [row] = await database.query<{ content: string }>(
        `select content from results join jobs on jobs.id = results.job_id
         where jobs.repository_id = $1 and jobs.kind = 'analyze' and jobs.status = 'completed'
           and ($2::text is null or jobs.commit_id = $2)
         order by jobs.id desc limit 1`,
        [id, commit],
      );
      if (row) return row.content;
      const repository = await get(id);
      throw new AppError(
        "analysis-unknown",
        commit === null
          ? `${repository.name} has not been analysed yet.`
          : `There is no analysis of commit ${JSON.stringify(commit).slice(0, 80)} of ${repository.name}.`,
      );
    },
  };
}

function toRecord(row: RepositoryRow): RepositoryRecord {
  return {
    id: row.id,
    source: row.source,
    name: row.name,
    createdAt: row.created_at.toISOString(),
    snapshots: row.snapshots,
    lastCommit: row.last_commit,
    lastAnalysisJobId: row.last_job,
  };
}
