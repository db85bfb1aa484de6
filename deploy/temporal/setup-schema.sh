#!/bin/sh
# Creates and upgrades the two databases of Temporal in PostgreSQL; repeating it changes nothing.
# SQL_PASSWORD is the password of POSTGRES_USER at POSTGRES_SEEDS:DB_PORT.
set -eu

on_database() {
  database=$1
  shift
  temporal-sql-tool --plugin "$DB" --ep "$POSTGRES_SEEDS" -p "$DB_PORT" -u "$POSTGRES_USER" --db "$database" "$@"
}

for part in temporal visibility; do
  database=temporal
  if [ "$part" = visibility ]; then database=temporal_visibility; fi
  on_database "$database" create
  on_database "$database" setup-schema -v 0.0
  on_database "$database" update-schema -d "/etc/temporal/schema/postgresql/v12/$part/versioned"
done
