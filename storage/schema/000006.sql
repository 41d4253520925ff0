-- The run of the move's workflow that recorded an event; null if no workflow recorded it.
alter table event add column run text;
