-- Nothing was ever written here: the probes of a trial run add up in the activity that makes them, and their sum is an event.
drop table availability_probe;
