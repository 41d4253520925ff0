-- Addresses at which secrets may be used beside those they were bound to, as their organisations approve and withdraw them: the newest
-- decision counts.

create table secret_address (
  decision bigint generated always as identity primary key,
  secret text not null,
  system text not null,
  purpose text not null,
  address text not null,
  organisation text not null,
  approved boolean not null,
  reason text not null,
  by_actor json not null,
  at_ms bigint not null
);
create index on secret_address (secret, system);
create trigger written_once before update or delete on secret_address for each row execute function refuse_change();
create trigger never_emptied before truncate on secret_address execute function refuse_change();

-- The plans of moves that were under way before secrets were bound: they go on with what their plans name.

create table plan_before_bindings (plan text primary key references plan);
insert into plan_before_bindings
  select distinct p.plan
    from launch l join plan p on p.plan = l.plan left join migration m on m.migration = l.migration
   where m.migration is null or m.standing not in ('closed', 'aborted', 'ended-outside');
create trigger written_once before insert or update or delete on plan_before_bindings for each row execute function refuse_change();
create trigger never_emptied before truncate on plan_before_bindings execute function refuse_change();
