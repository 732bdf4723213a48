import { z } from "zod";
import { repositorySchema } from "../../contracts/repository-record.ts";
import { defineRoute } from "../../contracts/route.ts";

export default defineRoute({
  method: "POST",
  path: "/v1/repositories",
  summary: "Name a repository",
  description: "201 for a new one, 200 for one that was named before. Nothing is fetched yet.",
  tag: "repositories",
  access: "member",
  status: 201,
  otherStatuses: [200],
  errors: ["source-invalid", "source-refused"],
  body: z
    .strictObject({ source: z.string().min(1).max(4_096).describe("Address or path") })
    .meta({ id: "NameRepository", examples: [{ source: "https://github.com/sindresorhus/slugify" }] }),
  response: repositorySchema,
  async handle({ body, services, server }) {
    const { repositories } = await services.platform();
    const { repository, isNew } = await repositories.register(body.source, {
      allowsLocalSources: server.allowsLocalSources,
    });
    return {
      status: isNew ? 201 : 200,
      headers: { location: `/v1/repositories/${repository.id}` },
      body: repository,
    };
  },
});
