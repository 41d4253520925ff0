-- What a coordinator acts for, and which programme a row of the ledger belongs to. An account without a programme has that of
-- its organisation; one without departments has every department that no other programme has. A row from before belongs to
-- the programme of whoever imported it first.

alter table account add column programme text, add column departments text[];
alter table system add column programme text;
update system s
   set programme = coalesce(
         (select entry->'actor'->>'organisation' from audit_entry
           where kind = 'system-imported' and subject = s.system order by sequence limit 1),
         (select created_by->>'organisation' from plan where plan.system = s.system order by created_at_ms limit 1),
         '');
alter table system alter column programme set not null, alter column programme set default '';
