#!/bin/sh
# The namespace, with closed workflows kept for 30 days, and what migrations are found by. Two of these may run at the same
# time, the service and a one-off that is waited for: what the other one made meanwhile is as good.
set -eu

until temporal operator cluster health >/dev/null 2>&1; do sleep 1; done
has_namespace() { temporal operator namespace describe --namespace default >/dev/null 2>&1; }
has_namespace || temporal operator namespace create --namespace default --retention 720h || has_namespace
# A new namespace is known to all parts of the server only after some seconds.
until temporal operator search-attribute list --namespace default >/dev/null 2>&1; do sleep 1; done
for name in MigrationPhase MigrationSystem; do
  has_attribute() { temporal operator search-attribute list --namespace default | grep -q "$name"; }
  has_attribute || temporal operator search-attribute create --namespace default --name "$name" --type Keyword ||
    has_attribute
done
