#!/bin/sh
# Runs once, in a new PostgreSQL container: both roles and the database, as `manage.py database_sql` prints them.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres -v owner="$OWNER_PASSWORD" -v app="$APP_PASSWORD" <<'SQL'
CREATE ROLE logistics_owner LOGIN CREATEDB PASSWORD :'owner';
CREATE ROLE logistics_app LOGIN PASSWORD :'app';
CREATE DATABASE logistics OWNER logistics_owner;
REVOKE ALL ON DATABASE logistics FROM PUBLIC;
GRANT CONNECT ON DATABASE logistics TO logistics_app;
ALTER ROLE logistics_app SET statement_timeout = '60s';
ALTER ROLE logistics_app SET lock_timeout = '10s';
ALTER ROLE logistics_app SET idle_in_transaction_session_timeout = '60s';
SQL
