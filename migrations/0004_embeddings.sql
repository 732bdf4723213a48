-- Vectors of pieces of code, by the text that they were made of: made once for all commits, branches and forks.
create table code_embeddings (
  -- `provider/name`; vectors of two models do not compare.
  model text not null,
  -- SHA-256 of the text, in hex.
  hash text not null,
  -- The same for all of one model.
  dimension integer not null,
  -- `vector` where there is pgvector, see below. Its text form elsewhere, so that a copy of another database has a place.
  embedding text not null,
  used_on date not null default current_date,
  primary key (model, hash)
);
create index code_embeddings_used on code_embeddings (used_on);

-- Whether vectors can be compared here. pgvector may come later than this table.
create function use_vectors() returns boolean language plpgsql as $$
declare
  vectors oid := to_regtype('vector');
begin
  if vectors is null then
    return false;
  end if;
  if (select atttypid from pg_attribute
      where attrelid = 'code_embeddings'::regclass and attname = 'embedding') <> vectors then
    alter table code_embeddings alter column embedding type vector using embedding::vector;
    -- Beside the row as long as it fits: an exact scan then reads no second table.
    alter table code_embeddings alter column embedding set storage main;
  end if;
  return true;
end $$;

select use_vectors();
