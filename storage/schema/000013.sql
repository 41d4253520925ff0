-- What people have asked for stands in the tables `command` and `launch`, which the API alone writes. Whoever else records an event
-- in a person's name has to name it: rules about rows (rights.ts) ask these functions.

-- Whether everything asked for stands in what was done as it was asked, but for times: a move has a clock of its own.
create or replace function stands(asked jsonb, said jsonb) returns boolean language plpgsql immutable as $$
declare
  part record;
begin
  if jsonb_typeof(asked) = 'object' then
    if jsonb_typeof(said) is distinct from 'object' then return false; end if;
    for part in select key, value from jsonb_each(asked) where key <> 'atMs' loop
      if not stands(part.value, said -> part.key) then return false; end if;
    end loop;
    return true;
  end if;
  if jsonb_typeof(asked) = 'array' then
    if jsonb_typeof(said) is distinct from 'array' then return false; end if;
    for part in select value, ordinality from jsonb_array_elements(asked) with ordinality loop
      if not stands(part.value, said -> (part.ordinality - 1)::int) then return false; end if;
    end loop;
    return true;
  end if;
  return coalesce(asked = said, false);
end
$$;

create or replace function is_actor(one jsonb, other jsonb) returns boolean language sql immutable as $$
  select one ->> 'account' is not distinct from other ->> 'account'
     and one ->> 'role' is not distinct from other ->> 'role'
     and one ->> 'organisation' is not distinct from other ->> 'organisation'
$$;

-- Whether nobody is named by an event, or whoever is named has asked for it, once. `brings` are the types of events by the name of the
-- command that brings them about, the one with all that was asked first. An entry of the log has digests of free texts, so of the events
-- there only who and what is looked at.
create or replace function was_asked_for(event jsonb, brings jsonb, whole boolean) returns boolean language plpgsql stable as $$
declare
  in_move text := event ->> 'migration';
  is_type text := event ->> 'type';
  request text := event ->> 'command';
  who jsonb := event -> 'actor';
begin
  if who ->> 'role' = 'engine' and request is null then return true; end if;
  if is_type = 'launched' then
    return exists (
      select from launch l join plan p on p.plan = l.plan
       where l.migration = in_move and is_actor(l.by_actor::jsonb, who)
         and (not whole or p.content::jsonb = event #> '{data,plan}'));
  end if;
  if request is null then
    -- What the product does when a person has asked for the sides to be settled, or for the move to be carried on, is done in that person's name.
    return is_type in ('rollback-requested', 'cutover-aborted') and exists (
      select from event e
       where e.migration = in_move and e.type in ('settle-requested', 'recovered') and is_actor((e.content -> 'actor')::jsonb, who));
  end if;
  return exists (
      select from command c
       where c.migration = in_move and c.request_id = request and is_actor(c.actor::jsonb, who)
         and brings -> c.name ? is_type
         and (not whole or brings -> c.name ->> 0 <> is_type or stands(c.data::jsonb, event -> 'data')))
    and not exists (
      select from event e
       where e.migration = in_move and e.content ->> 'command' = request and e.type = is_type
         and e.sequence::text is distinct from event ->> 'sequence');
end
$$;
do $$
declare
  each text;
begin
  -- Temporary tables of the caller come last: none of them is taken for a table of the product.
  foreach each in array array['stands(jsonb, jsonb)', 'is_actor(jsonb, jsonb)', 'was_asked_for(jsonb, jsonb, boolean)'] loop
    execute format('alter function %s set search_path = pg_catalog, %I, pg_temp', each, current_schema());
  end loop;
end
$$;
