#!/bin/bash
# Run once by the image, when the data folder is new: a role for each program, which owns its databases and no others.
set -euo pipefail
psql --set ON_ERROR_STOP=1 --set password="$POSTGRES_PASSWORD" --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
CREATE ROLE qianyun LOGIN PASSWORD :'password';
CREATE ROLE temporal LOGIN PASSWORD :'password';
CREATE DATABASE qianyun OWNER qianyun;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
SQL
