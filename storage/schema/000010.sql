-- What people, and the product itself, have asked of moves. A workflow takes nothing that does not stand here: whoever
-- reaches Temporal alone can ask for nothing in somebody's name. Asked again, a command has a new time and the same content.

create table command (
  migration text not null,
  request_id text not null,
  name text not null,
  actor json not null,
  data json not null,
  digest text not null,
  body_digest text,
  given_at_ms bigint not null,
  primary key (migration, request_id)
);
create trigger written_once before update of migration, request_id, name, actor, data, digest, body_digest or delete on command
  for each row execute function refuse_change();
create trigger never_emptied before truncate on command execute function refuse_change();
