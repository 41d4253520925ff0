-- The rules by which all projections are folded: after an upgrade they may add up to something else.
create table folded_by (
  one boolean primary key default true check (one),
  digest text not null
);
