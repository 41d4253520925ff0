-- Findings about workflows that ended before their moves did. They are no events: the workflow of a move may still be reset and
-- go on, so this is taken back when it runs again. What was found when is in the audit log.

create table workflow_end (
  migration text primary key,
  content json not null
);
