import { type ApiAnswer, type ApiRequest, listAll } from "./host-api.ts";
import { idAt, numberAt, textAt } from "./read.ts";

/** Deliveries that are looked through; GitHub keeps them for three days. */
const mostDeliveries = 5_000;

/** Asks GitHub to send again what it could not deliver, each once: GitHub itself never does. */
export async function redeliverFailed(
  call: (request: Pick<ApiRequest, "method" | "path" | "query">) => Promise<ApiAnswer>,
  since: Date,
  signal: AbortSignal,
): Promise<number> {
  const path = "/app/hook/deliveries";
  const all = await listAll(
    call,
    { path, query: { per_page: 100 }, headers: {}, signal },
    { limit: mostDeliveries },
  );
  const recent = all.filter((each) => Date.parse(textAt(each, "delivered_at") ?? "") >= since.getTime());
  // All attempts of one delivery have its guid.
  const attempts = Map.groupBy(recent, (each) => textAt(each, "guid"));
  const failed = [...attempts.values()].flatMap((those) =>
    those.some((each) => isDelivered(numberAt(each, "status_code"))) ? [] : (idAt(those[0], "id") ?? []),
  );
  for (const id of failed) await call({ method: "POST", path: `${path}/${encodeURIComponent(id)}/attempts` });
  return failed.length;
}

function isDelivered(status: number): boolean {
  return status >= 200 && status < 300;
}
