import type { Jobs } from "../../src/contracts/job.ts";
import type {
  Platform,
  PlatformHealth,
  RepositoryRecord,
  RepositoryRecords,
} from "../../src/contracts/platform.ts";
import { AppError } from "../../src/base/errors.ts";

/** A platform of `jobs` and repositories in memory. */
export function createFakePlatform(jobs: Jobs, health: () => PlatformHealth): Platform {
  return {
    jobs,
    repositories: createFakeRepositories(),
    health: async () => health(),
  } as unknown as Platform;
}

function createFakeRepositories(): RepositoryRecords {
  const records: RepositoryRecord[] = [];
  const find = (id: string): RepositoryRecord => {
    const found = records.find((record) => record.id === id);
    if (!found) throw new AppError("repository-unknown", `There is no repository ${JSON.stringify(id)}.`);
    return found;
  };
  return {
    async register(source, { allowsLocalSources }) {
      if (source.startsWith("/") && !allowsLocalSources)
        throw new AppError("source-refused", "Paths may not be named.");
      const known = records.find((record) => record.source === source);
      if (known) return { repository: known, isNew: false };
      const repository = {
        id: `r${records.length + 1}`,
        source,
        name: source.split("/").at(-1)!,
        createdAt: new Date().toISOString(),
        snapshots: 0,
        lastCommit: null,
        lastAnalysisJobId: null,
      };
      records.push(repository);
      return { repository, isNew: true };
    },
    async list({ limit, cursor }) {
      const from = Number(cursor ?? 0);
      const items = records.slice(from, from + limit);
      return { items, nextCursor: from + limit < records.length ? String(from + limit) : null };
    },
    get: async (id) => find(id),
    async delete(id) {
      records.splice(records.indexOf(find(id)), 1);
    },
    async analysis(id, commit) {
      find(id);
      if (commit !== null) throw new AppError("analysis-unknown", `There is no analysis of ${commit}.`);
      return '{"schema":"x"}';
    },
  };
}
