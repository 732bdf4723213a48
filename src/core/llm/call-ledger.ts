import { AppError } from "../../base/errors.ts";
import type { Database, Queryable } from "../../contracts/database.ts";
import type { Metrics } from "../../contracts/metrics.ts";
import type { Admission, Budgets, CallEnd, CallLedger, NewCall } from "../../contracts/model-call.ts";
import { listCalls, listCoolDowns, sumCosts } from "./read-calls.ts";

/** One admission at a time over all processes, or two would both take the last of a budget. */
const admissionLock = 0x6c6c6d01;
/** Failures of a model in a row, within `breakerWindow`, after which it is left alone. */
const breakerFailures = 5;
const breakerWindow = "5 minutes";
const breakerMs = 30_000;
const retryMs = 250;

interface Standing {
  readonly cooling_ms: number | null;
  readonly running: number;
  readonly recent: number;
  /** Time until the oldest call of this minute is out of it. */
  readonly minute_ms: number | null;
  readonly job_usd: number;
  readonly day_usd: number;
  readonly job_tokens: number;
  readonly day_tokens: number;
}

/** The ledger in the database. */
export function createCallLedger(database: Database, metrics: Metrics): CallLedger {
  return {
    begin: (call) =>
      database.transaction(async (transaction) => {
        await transaction.query("select pg_advisory_xact_lock($1::bigint)", [admissionLock]);
        if (await isStored(transaction, call.id)) return { kind: "admitted" } satisfies Admission;
        const standing = await readStanding(transaction, call);
        const obstacle = findObstacle(standing, call);
        if (obstacle) return obstacle;
        assertBudgets(standing, call);
        await insertCall(transaction, call);
        return { kind: "admitted" } satisfies Admission;
      }),
    async finish(call, end) {
      if (!(await storeEnd(database, call, end))) return;
      count(metrics, call, end);
      const coolDown =
        end.coolDownMs ?? (isFault(end) && (await hasTripped(database, call)) ? breakerMs : null);
      if (coolDown === null) return;
      await database.query(
        "update llm_calls set cool_down_until = now() + $2::float8 * interval '1 millisecond' where id = $1",
        [call.id, coolDown],
      );
      metrics.count("llm_cool_downs_total", { provider: call.provider, model: call.model });
    },
    list: (filter, page) => listCalls(database, filter, page),
    cost: (group, days) => sumCosts(database, group, days),
    coolDowns: () => listCoolDowns(database),
  };
}

async function isStored(transaction: Queryable, id: string): Promise<boolean> {
  return (await transaction.query("select 1 from llm_calls where id = $1", [id])).length > 0;
}

/** What counts against a budget: the truth where it is known, else the most it can be. */
const spentUsd = "coalesce(sum(coalesce(cost_usd, reserved_usd)), 0)::float8";
const spentTokens = `coalesce(sum(case when outcome = 'cached' then 0 else coalesce(
  input_tokens + coalesce(cache_read_tokens, 0) + coalesce(cache_write_tokens, 0) + output_tokens, reserved_tokens) end), 0)::float8`;

async function readStanding(transaction: Queryable, call: NewCall): Promise<Standing> {
  const day = "started_at >= date_trunc('day', now() at time zone 'UTC') at time zone 'UTC'";
  const minute =
    "provider = $1 and outcome is distinct from 'cached' and started_at > now() - interval '1 minute'";
  const milliseconds = (span: string): string => `extract(epoch from ${span})::float8 * 1000`;
  const [row] = await transaction.query<Standing>(
    `select
       (select ${milliseconds("max(cool_down_until) - now()")} from llm_calls
        where cool_down_until > now() and provider = $1 and model = $2) as cooling_ms,
       (select count(*)::int from llm_calls
        where provider = $1 and finished_at is null and deadline_at > now()) as running,
       (select count(*)::int from llm_calls where ${minute}) as recent,
       (select ${milliseconds("min(started_at) + interval '1 minute' - now()")} from llm_calls where ${minute}) as minute_ms,
       (select ${spentUsd} from llm_calls where job_id = $3) as job_usd,
       (select ${spentTokens} from llm_calls where job_id = $3) as job_tokens,
       (select ${spentUsd} from llm_calls where ${day}) as day_usd,
       (select ${spentTokens} from llm_calls where ${day}) as day_tokens`,
    [call.provider, call.model, call.jobId],
  );
  return row!;
}

function findObstacle(standing: Standing, { limits }: NewCall): Admission | null {
  if (standing.cooling_ms !== null) return { kind: "cooling", waitMs: Math.ceil(standing.cooling_ms) };
  if (standing.running >= limits.concurrency) return { kind: "wait", reason: "concurrency", waitMs: retryMs };
  if (limits.requestsPerMinute !== null && standing.recent >= limits.requestsPerMinute)
    return { kind: "wait", reason: "rate", waitMs: Math.ceil(standing.minute_ms ?? retryMs) };
  return null;
}

function assertBudgets(standing: Standing, call: NewCall): void {
  const { budgets } = call.limits;
  const parts: readonly (readonly [keyof Budgets, string, number, number])[] = [
    ["jobUsd", "llm.budget_job_usd", standing.job_usd, call.reservedUsd ?? 0],
    ["dayUsd", "llm.budget_day_usd", standing.day_usd, call.reservedUsd ?? 0],
    ["jobTokens", "llm.budget_job_tokens", standing.job_tokens, call.reservedTokens],
    ["dayTokens", "llm.budget_day_tokens", standing.day_tokens, call.reservedTokens],
  ];
  for (const [name, setting, spent, more] of parts) {
    const budget = budgets[name];
    const isJob = name.startsWith("job");
    if (budget === 0 || (isJob && call.jobId === null) || spent + more <= budget) continue;
    const show = (amount: number): string =>
      name.endsWith("Usd") ? `$${amount.toFixed(4)}` : `${Math.ceil(amount)} tokens`;
    throw new AppError(
      "model-budget-spent",
      `The next call of ${call.provider}/${call.model} may come to ${show(more)}; ${show(spent)} of the ${show(budget)} that ${isJob ? "a job" : "a day"} may take (${setting}) are spent or set aside.`,
    );
  }
}

async function insertCall(queryable: Queryable, call: NewCall): Promise<void> {
  await queryable.query(
    `insert into llm_calls (id, question_id, trace_id, job_id, task, purpose, provider, model, redactions,
       reserved_tokens, reserved_usd, started_at, deadline_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, clock_timestamp(),
       clock_timestamp() + $12::float8 * interval '1 millisecond')
     on conflict (id) do nothing`,
    [
      call.id,
      call.questionId,
      call.traceId,
      call.jobId,
      call.task,
      call.purpose,
      call.provider,
      call.model,
      call.redactions,
      Math.ceil(call.reservedTokens),
      call.reservedUsd,
      call.timeoutMs,
    ],
  );
}

/** Resolves to whether this was the first end. */
async function storeEnd(database: Database, call: NewCall, end: CallEnd): Promise<boolean> {
  await insertCall(database, call);
  const rows = await database.query(
    `update llm_calls set finished_at = clock_timestamp(), outcome = $2, answered_by = $3, code = $4, http_status = $5,
       input_tokens = $6, cache_read_tokens = $7, cache_write_tokens = $8, output_tokens = $9, cost_usd = $10,
       duration_ms = $11
     where id = $1 and finished_at is null returning id`,
    [
      call.id,
      end.outcome,
      end.answeredBy,
      end.code,
      end.httpStatus,
      end.inputTokens,
      end.cacheReadTokens,
      end.cacheWriteTokens,
      end.outputTokens,
      end.costUsd,
      Math.round(end.durationMs),
    ],
  );
  return rows.length > 0;
}

function isFault(end: CallEnd): boolean {
  return end.code === "model-unavailable" || end.code === "model-overloaded";
}

async function hasTripped(database: Database, call: NewCall): Promise<boolean> {
  const [row] = await database.query<{ faults: number }>(
    `select count(*) filter (where code in ('model-unavailable', 'model-overloaded'))::int as faults from (
       select code from llm_calls
       where provider = $1 and model = $2 and finished_at > now() - interval '${breakerWindow}'
         and outcome <> 'cached' and outcome <> 'cancelled'
       order by finished_at desc limit ${breakerFailures}) last`,
    [call.provider, call.model],
  );
  return (row?.faults ?? 0) >= breakerFailures;
}

function count(metrics: Metrics, call: NewCall, end: CallEnd): void {
  const { provider, model, task, purpose } = call;
  metrics.count("llm_calls_total", { task, provider, model, purpose, outcome: end.outcome });
  if (end.outcome === "cached") return;
  metrics.observe("llm_call_duration_seconds", end.durationMs / 1000, { provider, model });
  for (const [kind, tokens] of [
    ["input", end.inputTokens],
    ["cache-read", end.cacheReadTokens],
    ["cache-write", end.cacheWriteTokens],
    ["output", end.outputTokens],
  ] as const)
    if (tokens) metrics.count("llm_tokens_total", { provider, model, kind }, tokens);
  if (end.costUsd) metrics.count("llm_cost_usd_total", { provider, model }, end.costUsd);
}
