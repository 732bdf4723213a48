import { z } from "zod";
import { defineRoute } from "../../contracts/route.ts";

export default defineRoute({
  method: "DELETE",
  path: "/v1/repositories/:id",
  summary: "Forget a repository and cancel its jobs",
  tag: "repositories",
  access: "member",
  status: 204,
  params: z.object({ id: z.string().describe("Id of the repository") }),
  errors: ["repository-unknown"],
  async handle({ params, services }) {
    const { repositories } = await services.platform();
    await repositories.delete(params.id);
    return {};
  },
});
