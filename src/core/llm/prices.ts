import type { ModelName } from "../../contracts/model-gateway.ts";
import type { TokenUsage } from "../../contracts/model-call.ts";

/** What calls cost by current list prices, and how much models can read. Unknown is null, never 0. */
export interface PriceList {
  costOf(model: ModelName, usage: TokenUsage): number | null;
  contextWindow(model: ModelName): number | null;
}

/** The table is a package's data: nothing is fetched. */
export async function loadPrices(): Promise<PriceList> {
  const { calcPrice } = await import("@pydantic/genai-prices");
  const look = (model: ModelName, usage: Readonly<Record<string, number>>) => {
    try {
      return calcPrice(usage, model.name, { providerId: model.provider });
    } catch {
      // A usage or a name that the table cannot make sense of has no price.
      return null;
    }
  };
  return {
    costOf(model, { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens }) {
      if (inputTokens === null || outputTokens === null) return null;
      const read = cacheReadTokens ?? 0;
      const write = cacheWriteTokens ?? 0;
      const usage = {
        input_tokens: inputTokens + read + write,
        output_tokens: outputTokens,
        ...(read > 0 ? { cache_read_tokens: read } : {}),
        ...(write > 0 ? { cache_write_tokens: write } : {}),
      };
      const price = look(model, usage)?.total_price;
      return price !== undefined && Number.isFinite(price) && price >= 0 ? price : null;
    },
    contextWindow: (model) =>
      look(model, { input_tokens: 1, output_tokens: 1 })?.model.context_window ?? null,
  };
}
