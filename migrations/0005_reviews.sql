-- Reviews of changes, as they are shown: written whole, again when the model's part comes later.
create table reviews (
  -- The job's id.
  id text primary key,
  -- Fencing: what an attempt that was given up writes late changes nothing.
  attempt integer not null,
  -- What the change belongs to, without credentials: address or path of the repository; empty for a bare patch.
  scope text not null,
  host text,
  repository text,
  number integer,
  title text,
  base_id text,
  head_id text,
  -- Model part: done, off, away, failed, awaited.
  model_state text not null,
  errors integer not null,
  warnings integer not null,
  infos integer not null,
  -- JSON text as it is sent.
  content text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index reviews_by_scope on reviews (scope, id);
create index reviews_by_pull on reviews (host, repository, number, id);
create index reviews_created on reviews (created_at);

create table findings (
  review_id text not null references reviews (id) on delete cascade,
  fingerprint text not null,
  place integer not null,
  rule text not null,
  severity text not null check (severity in ('error', 'warning', 'info')),
  path text not null,
  line integer not null,
  content json not null,
  primary key (review_id, fingerprint)
);
create index findings_by_fingerprint on findings (fingerprint);

-- What a person looked at and let be. It holds for the whole repository, in later reviews too.
create table dismissals (
  scope text not null,
  fingerprint text not null,
  rule text not null,
  path text not null,
  reason text not null,
  dismissed_by text not null,
  dismissed_at timestamptz not null default now(),
  primary key (scope, fingerprint)
);
