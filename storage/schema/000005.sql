-- The playbook runs outside a move. How far one is stands in its journal; `outcome` is there once it has ended.

create table playbook_run (
  run_id text primary key,
  started_at_ms bigint not null,
  content json not null,
  ended_at_ms bigint,
  outcome json
);
