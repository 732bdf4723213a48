-- Pull requests as hosts told us of them, so that each head is reviewed once, and what comes late changes nothing.
create table pulls (
  host text not null,
  repository text not null,
  number integer not null,
  -- Null until the first news.
  state text check (state in ('open', 'draft', 'closed', 'merged')),
  head text,
  base_branch text,
  -- Of the newest news, by the host's clock.
  changed_at timestamptz,
  -- Heads that were replaced, newest first: many hosts' clocks tell seconds only.
  past jsonb not null default '[]',
  -- The last review that was started. Not a reference: that a head was reviewed is known longer than the job.
  job_id text,
  seen_at timestamptz not null default now(),
  primary key (host, repository, number)
);
create index pulls_seen on pulls (seen_at) where state <> 'open';
