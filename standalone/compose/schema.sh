#!/bin/sh
# Temporal's tables, by its own versioned scripts. A database without a version yet is given version 0.0 first;
# doing so again would make the tool run every script anew.
set -eu

bring_up() {
  database=$1
  scripts=/etc/temporal/schema/postgresql/v12/$2/versioned
  tool="temporal-sql-tool --plugin postgres12 --ep postgres --port 5432 --user temporal --db $database"
  $tool update-schema --schema-dir "$scripts" || {
    $tool setup-schema --version 0.0
    $tool update-schema --schema-dir "$scripts"
  }
}

bring_up temporal temporal
bring_up temporal_visibility visibility
