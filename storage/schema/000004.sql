-- This table was never written to: the activity that makes the probes of a trial run sums them up, and the sum is an event.
drop table availability_probe;
