import type { Database } from "../../contracts/database.ts";
import type { Page } from "../../contracts/job.ts";
import { fromCursor, toCursor } from "../jobs/cursor.ts";
import type { CallFilter, CostGroup, CostLine, ModelCall } from "../../contracts/model-call.ts";

interface CallRow {
  readonly id: string;
  readonly question_id: string;
  readonly trace_id: string | null;
  readonly job_id: string | null;
  readonly task: string;
  readonly purpose: ModelCall["purpose"];
  readonly provider: string;
  readonly model: string;
  readonly answered_by: string | null;
  readonly state: ModelCall["outcome"];
  readonly code: string | null;
  readonly http_status: number | null;
  readonly input_tokens: number | null;
  readonly cache_read_tokens: number | null;
  readonly cache_write_tokens: number | null;
  readonly output_tokens: number | null;
  readonly cost_usd: number | null;
  readonly redactions: number;
  readonly started_at: Date;
  readonly duration_ms: number | null;
}

const state = "coalesce(outcome, case when deadline_at > now() then 'running' else 'unknown' end)";

/** Newest first; ids are made in order of time, so that they are the cursor. */
export async function listCalls(
  database: Database,
  filter: CallFilter,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page<ModelCall>> {
  const rows = await database.query<CallRow>(
    `select *, ${state} as state from llm_calls
     where ($1::text is null or id < $1) and ($2::text is null or job_id = $2) and ($3::text is null or task = $3)
       and ($4::text is null or provider = $4) and ($5::text is null or ${state} = $5)
     order by id desc limit $6`,
    [
      page.cursor === undefined ? null : fromCursor(page.cursor),
      filter.jobId ?? null,
      filter.task ?? null,
      filter.provider ?? null,
      filter.outcome ?? null,
      page.limit + 1,
    ],
  );
  const items = rows.slice(0, page.limit).map(toCall);
  return { items, nextCursor: rows.length > page.limit ? toCursor(items.at(-1)!.id) : null };
}

function toCall(row: CallRow): ModelCall {
  return {
    id: row.id,
    questionId: row.question_id,
    traceId: row.trace_id,
    jobId: row.job_id,
    task: row.task,
    purpose: row.purpose,
    provider: row.provider,
    model: row.model,
    answeredBy: row.answered_by,
    outcome: row.state,
    code: row.code,
    httpStatus: row.http_status,
    inputTokens: row.input_tokens,
    cacheReadTokens: row.cache_read_tokens,
    cacheWriteTokens: row.cache_write_tokens,
    outputTokens: row.output_tokens,
    costUsd: row.cost_usd,
    redactions: row.redactions,
    startedAt: row.started_at.toISOString(),
    durationMs: row.duration_ms,
  };
}

const groupKeys: Readonly<Record<CostGroup, string>> = {
  day: "to_char(started_at at time zone 'UTC', 'YYYY-MM-DD')",
  task: "task",
  provider: "provider",
  model: "provider || '/' || model",
  job: "coalesce(job_id, '')",
};

export async function sumCosts(
  database: Database,
  group: CostGroup,
  days: number,
): Promise<readonly CostLine[]> {
  const sum = (column: string): string => `coalesce(sum(${column}), 0)::float8`;
  return database.query<CostLine>(
    `select ${groupKeys[group]} as key,
       count(*) filter (where outcome is distinct from 'cached')::int as calls,
       count(*) filter (where outcome = 'cached')::int as cached,
       count(*) filter (where outcome in ('failed', 'refused'))::int as failed,
       ${sum("input_tokens")} as "inputTokens", ${sum("cache_read_tokens")} as "cacheReadTokens",
       ${sum("cache_write_tokens")} as "cacheWriteTokens", ${sum("output_tokens")} as "outputTokens",
       ${sum("cost_usd")} as "costUsd",
       count(*) filter (where cost_usd is null)::int as unpriced
     from llm_calls
     where started_at >= (date_trunc('day', now() at time zone 'UTC') - ($1::integer - 1) * interval '1 day') at time zone 'UTC'
     group by 1 order by ${group === "day" ? "key desc" : '"costUsd" desc, calls desc, key'}`,
    [days],
  );
}

export function listCoolDowns(
  database: Database,
): Promise<readonly { readonly provider: string; readonly model: string; readonly waitMs: number }[]> {
  return database.query(
    `select provider, model, extract(epoch from max(cool_down_until) - now())::float8 * 1000 as "waitMs"
     from llm_calls where cool_down_until > now() group by provider, model order by provider, model`,
  );
}
