import { AppError } from "../../base/errors.ts";
import type { CostLine, ModelCall } from "../../contracts/model-call.ts";
import type { Dismissal, ReviewSummary } from "../../contracts/review.ts";
import type { Stores } from "../../contracts/stores.ts";
import { type ApiOptions, createApiClient } from "./api-client.ts";

/**
 * The stores of a running server, over its API: to be read. What would write is refused, because only that server sees
 * to its ledger and its budgets.
 */
export function createRemoteStores(options: ApiOptions): Stores {
  const call = createApiClient(options);
  const read = async <T>(
    path: string,
    query: Readonly<Record<string, string | number | undefined>>,
  ): Promise<T> => {
    const given = new URLSearchParams();
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) given.set(name, String(value));
    const response = await call({ method: "GET", path: `${path}?${given.toString()}` });
    return (await response.json()) as T;
  };
  const refuse = async (): Promise<never> => {
    throw new AppError(
      "model-calls-at-server",
      `A server is in charge here (${options.url}): models are asked by it, so that its ledger and its budgets hold.`,
    );
  };
  return {
    calls: {
      begin: refuse,
      finish: refuse,
      list: ({ jobId: job, ...filter }, page) =>
        read<{ items: ModelCall[]; nextCursor: string | null }>("/v1/llm/calls", { ...filter, job, ...page }),
      cost: async (group, days) =>
        (await read<{ items: CostLine[] }>("/v1/llm/cost", { by: group, days })).items,
      coolDowns: async () => [],
    },
    // Who works beside a server has its own cache, and what it read is of use to it alone.
    records: { pull: async () => 0, push: async () => 0 },
    // Webhooks come to that server, and what it knows of pull requests is its own.
    pulls: { receive: refuse, get: async () => null },
    // They would be of no use: the query's own vector comes from a model, and that is asked by the server.
    embeddings: {
      state: refuse,
      missing: refuse,
      put: refuse,
      nearest: refuse,
      settle: refuse,
    },
    // What is reviewed on the command line is shown there and not kept.
    reviews: {
      save: async () => {},
      list: ({ source, host, repository, number }, page) =>
        read<{ items: ReviewSummary[]; nextCursor: string | null }>("/v1/reviews", {
          source,
          host,
          repository,
          number,
          ...page,
        }),
      get: async (id) => {
        const response = await call({ method: "GET", path: `/v1/reviews/${encodeURIComponent(id)}` });
        return response.text();
      },
      dismissals: async (source) => (await read<{ items: Dismissal[] }>("/v1/dismissals", { source })).items,
      dismiss: refuse,
      restore: refuse,
    },
  };
}
