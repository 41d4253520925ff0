-- Which run of the move's workflow said an event; null for what no workflow said.
alter table event add column run text;
