-- Playbook runs outside a move. The journal of a run shows its progress; `outcome` is set once it has ended.

create table playbook_run (
  run_id text primary key,
  started_at_ms bigint not null,
  content json not null,
  ended_at_ms bigint,
  outcome json
);
