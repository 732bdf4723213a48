-- Repositories that were named to us, and the commits that were looked at.
create table repositories (
  id text primary key,
  -- Address or absolute path, without credentials.
  source text not null unique,
  name text not null,
  created_at timestamptz not null default now()
);

create table snapshots (
  repository_id text not null references repositories (id) on delete cascade,
  commit_id text not null,
  created_at timestamptz not null default now(),
  primary key (repository_id, commit_id)
);

-- The truth about jobs. Queues only say that there may be something to do.
create table jobs (
  id text primary key,
  kind text not null,
  status text not null default 'pending'
    check (status in ('pending', 'processing', 'waiting', 'completed', 'failed', 'cancelled')),
  -- Who asked; callers get fair shares.
  caller text not null,
  repository_id text references repositories (id) on delete set null,
  source text,
  -- The commit that the job turned out to be about.
  commit_id text,
  input jsonb not null,
  -- A second request with the same key, while the first has not begun, is the same job.
  dedupe_key text,
  -- Larger goes first.
  priority smallint not null default 0,
  -- Virtual start time of fair queueing: the n-th waiting job of a caller queues behind everyone's (n-1)-th.
  turn bigint not null default 0,
  run_at timestamptz not null default now(),
  -- Fencing: counts up with every start, and every write of an attempt names it.
  attempt integer not null default 0,
  failures integer not null default 0,
  losses integer not null default 0,
  max_attempts integer not null,
  worker_id text,
  lease_until timestamptz,
  progress real,
  progress_message text,
  -- {code, message, help, retry, traceId} of the last failure.
  error jsonb,
  -- {name, question} while a person is asked.
  approval jsonb,
  event_seq bigint not null default 0,
  request_id text,
  trace_parent text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz
);

create index jobs_next on jobs (kind, priority desc, turn, id) where status = 'pending';
create index jobs_turn on jobs (kind, caller, turn) where status = 'pending';
create index jobs_floor on jobs (kind, turn) where status = 'pending';
create unique index jobs_same on jobs (kind, caller, dedupe_key) where status = 'pending' and attempt = 0;
create index jobs_lease on jobs (lease_until) where status = 'processing';
create index jobs_by_status on jobs (status, id);
create index jobs_by_kind on jobs (kind, status, id);
create index jobs_by_repository on jobs (repository_id, kind, id);
create index jobs_finished on jobs (finished_at) where finished_at is not null;

create table attempts (
  job_id text not null references jobs (id) on delete cascade,
  attempt integer not null,
  worker_id text not null,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  -- Null while under way. `lost`: the worker fell silent; `released`: it was shut down and put the job back.
  outcome text check (outcome in ('completed', 'failed', 'cancelled', 'waiting', 'lost', 'released')),
  error jsonb,
  primary key (job_id, attempt)
);

-- Checkpoints: what a step gave, so that the next attempt need not do it again.
create table steps (
  job_id text not null references jobs (id) on delete cascade,
  name text not null,
  attempt integer not null,
  input_hash text not null,
  -- json, not jsonb: kept as it was given, NUL escapes and all. Null while an effect is begun and not known to have happened.
  output json,
  -- Something on the outside that must not happen twice; a retry looks for it before it acts.
  is_effect boolean not null default false,
  finished_at timestamptz,
  primary key (job_id, name)
);

create table events (
  job_id text not null references jobs (id) on delete cascade,
  seq bigint not null,
  at timestamptz not null default now(),
  type text not null check (type in ('state', 'progress', 'log')),
  data json not null,
  primary key (job_id, seq)
);

create table results (
  job_id text primary key references jobs (id) on delete cascade,
  -- JSON text exactly as it is sent.
  content text not null,
  created_at timestamptz not null default now()
);

-- Requests by the sender's own id, so that the same one twice makes one job.
create table deliveries (
  -- `api:<caller>` for an Idempotency-Key; a host's name for its webhooks.
  origin text not null,
  delivery_key text not null,
  body_hash text not null,
  -- Checked at the end of the transaction: the delivery is written first, to see whether it is new.
  job_id text references jobs (id) on delete set null deferrable initially deferred,
  received_at timestamptz not null default now(),
  primary key (origin, delivery_key)
);
create index deliveries_received on deliveries (received_at);

create table workers (
  id text primary key,
  host text not null,
  pid integer not null,
  -- {kind: jobs at once}
  kinds jsonb not null,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);

create table schedules (
  name text primary key,
  -- The last due time that was turned into a job.
  last_run_at timestamptz not null
);

create table cache (
  space text not null,
  key text not null,
  value text not null,
  expires_at timestamptz not null,
  primary key (space, key)
);
create index cache_expires on cache (expires_at);
