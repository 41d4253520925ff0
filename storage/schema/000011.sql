-- Each entry of the audit log follows the last one, whoever writes it: the roles of the processes add entries, and none of them can
-- write another chain. The end of the log is kept beside it. When the next entry comes and that end is not there, what is missing is
-- noted for good, and the log goes on: a way back must not wait for it.

create table audit_head (
  one boolean primary key default true check (one),
  sequence bigint not null,
  hash text not null,
  missed_sequence bigint,
  missed_hash text
);
insert into audit_head (sequence, hash)
  select coalesce(max(sequence), 0), coalesce((select hash from audit_entry order by sequence desc limit 1), repeat('0', 64))
    from audit_entry;

create function continue_audit() returns trigger language plpgsql security definer as $$
declare
  at_sequence bigint;
  at_hash text;
begin
  select sequence, hash into at_sequence, at_hash from audit_entry order by sequence desc limit 1;
  at_sequence := coalesce(at_sequence, 0);
  at_hash := coalesce(at_hash, repeat('0', 64));
  if new.sequence <> at_sequence + 1 or new.previous_hash <> at_hash
    or new.hash <> encode(sha256(decode(new.previous_hash || new.leaf_hash, 'hex')), 'hex')
  then
    raise exception 'Entry % does not follow entry % of the audit log.', new.sequence, at_sequence
      using errcode = 'insufficient_privilege';
  end if;
  update audit_head
     set sequence = new.sequence,
         hash = new.hash,
         missed_sequence = coalesce(missed_sequence, case when (sequence, hash) <> (at_sequence, at_hash) then sequence end),
         missed_hash = coalesce(missed_hash, case when (sequence, hash) <> (at_sequence, at_hash) then hash end);
  return new;
end
$$;
do $$
begin
  -- Temporary tables of the caller come last: none of them is taken for a table of the product.
  execute format('alter function continue_audit() set search_path = %I, pg_temp', current_schema());
end
$$;
create trigger continues_the_log before insert on audit_entry for each row execute function continue_audit();
create trigger never_emptied before delete or truncate on audit_head execute function refuse_change();

create trigger written_once before update or delete on evidence_upload for each row execute function refuse_change();
create trigger never_emptied before truncate on evidence_upload execute function refuse_change();
create trigger written_once before update or delete on evidence_use for each row execute function refuse_change();
create trigger never_emptied before truncate on evidence_use execute function refuse_change();
