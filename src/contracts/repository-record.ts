import { z } from "zod";

/** A repository as the API shows it. */
export const repositorySchema = z
  .object({
    id: z.string(),
    source: z.string().describe("Address or path, without credentials"),
    name: z.string(),
    createdAt: z.iso.datetime(),
    snapshots: z.number().int().describe("Commits that were looked at"),
    lastCommit: z.string().nullable().describe("The commit that was looked at last"),
    lastAnalysisJobId: z.string().nullable(),
  })
  .meta({ id: "Repository" });
