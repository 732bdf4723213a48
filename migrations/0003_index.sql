-- What reading a content gave, by its blob id and what decides its language: made by one machine, used by all. Each keeps
-- its own copies in a local cache; in embedded mode that cache is all there is, and this table stays empty.
create table index_records (
  -- Kind and version of what is kept, e.g. `record/1`.
  space text not null,
  key text not null,
  content bytea not null,
  used_on date not null default current_date,
  primary key (space, key)
);
create index index_records_used on index_records (used_on);
