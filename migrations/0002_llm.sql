-- Calls at models, each written before it is made: what was spent, and what is being spent now.
create table llm_calls (
  id text primary key,
  -- The same for all calls that one question took.
  question_id text not null,
  trace_id text,
  -- Not a reference: what a job cost is known longer than the job.
  job_id text,
  task text not null,
  purpose text not null check (purpose in ('first', 'retry', 'fallback', 'repair')),
  provider text not null,
  -- As asked for, and as the provider says.
  model text not null,
  answered_by text,
  started_at timestamptz not null default now(),
  -- Without an end until then, whoever made the call is dead, and what it cost is unknown.
  deadline_at timestamptz not null,
  finished_at timestamptz,
  -- Null while under way.
  outcome text check (outcome in ('answered', 'truncated', 'refused', 'failed', 'cancelled', 'cached')),
  code text,
  http_status integer,
  -- Null: the provider did not say.
  input_tokens bigint,
  cache_read_tokens bigint,
  cache_write_tokens bigint,
  output_tokens bigint,
  cost_usd double precision,
  -- Most that it can come to; budgets count this until, and unless, the truth is known.
  reserved_tokens bigint not null,
  reserved_usd double precision,
  duration_ms integer,
  redactions integer not null default 0,
  -- Until then nobody asks this model.
  cool_down_until timestamptz
);

create index llm_calls_by_time on llm_calls (started_at, id);
create index llm_calls_by_job on llm_calls (job_id) where job_id is not null;
create index llm_calls_running on llm_calls (provider, deadline_at) where finished_at is null;
create index llm_calls_by_provider on llm_calls (provider, started_at);
create index llm_calls_by_model on llm_calls (provider, model, finished_at);
create index llm_calls_cooling on llm_calls (cool_down_until) where cool_down_until is not null;
