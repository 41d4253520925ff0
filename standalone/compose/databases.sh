#!/bin/bash
# Run once by the image, when the data folder is new: a role for each program, which owns its databases and no others.
set -euo pipefail
psql --set ON_ERROR_STOP=1 --set password="$POSTGRES_PASSWORD" --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
-- A log of the server takes none of the passwords, also where a statement fails.
SET log_statement = none;
SET log_min_error_statement = panic;
-- Owns the tables, and makes the roles by which the processes connect.
CREATE ROLE qianyun LOGIN CREATEROLE PASSWORD :'password';
CREATE ROLE temporal LOGIN PASSWORD :'password';
CREATE DATABASE qianyun OWNER qianyun;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
SQL
