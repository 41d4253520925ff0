-- The ledger as it was when a plan was made: what a move that is launched by the plan rests on. Of plans from before it is what
-- the ledger says now.

create table plan_ledger (
  plan text primary key references plan,
  content json not null
);
insert into plan_ledger (plan, content)
  select p.plan, json_build_object('classified', s.content->'classified', 'mlpsLevel', s.content->'mlpsLevel',
                                   'department', s.content->'department')
    from plan p join system s on s.system = p.system;

create trigger written_once before update or delete on plan_ledger for each row execute function refuse_change();
create trigger never_emptied before truncate on plan_ledger execute function refuse_change();
