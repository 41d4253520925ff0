#!/bin/sh
# The namespace, with closed workflows kept for 30 days, and what migrations are found by.
set -eu

until temporal operator cluster health >/dev/null 2>&1; do sleep 1; done
temporal operator namespace describe --namespace default >/dev/null 2>&1 ||
  temporal operator namespace create --namespace default --retention 720h
# A new namespace is known to all parts of the server only after some seconds.
until temporal operator search-attribute list --namespace default >/dev/null 2>&1; do sleep 1; done
for name in MigrationPhase MigrationSystem; do
  temporal operator search-attribute list --namespace default | grep -q "$name" ||
    temporal operator search-attribute create --namespace default --name "$name" --type Keyword
done
