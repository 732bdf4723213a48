import { z } from "zod";
import { repositorySchema } from "../../contracts/repository-record.ts";
import { defineRoute } from "../../contracts/route.ts";

export default defineRoute({
  method: "GET",
  path: "/v1/repositories/:id",
  summary: "One repository",
  tag: "repositories",
  access: "member",
  status: 200,
  params: z.object({ id: z.string().describe("Id of the repository") }),
  errors: ["repository-unknown"],
  response: repositorySchema,
  async handle({ params, services }) {
    const { repositories } = await services.platform();
    return { body: await repositories.get(params.id) };
  },
});
