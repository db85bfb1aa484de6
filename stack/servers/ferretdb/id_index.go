package main

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite"
)

// Interval between two searches for tables without an index; a new table is small.
const indexInterval = 5 * time.Second

// Tables of documents without an index on idExpression.
const tablesWithoutIndex = `
	SELECT name FROM sqlite_master t
	WHERE type = 'table' AND sql LIKE '%_ferretdb_sjson TEXT%' AND NOT EXISTS (
		SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = 'vidette_id_' || t.name
	)`

// Expression by which FerretDB looks up a document. Its own index has another one, `_ferretdb_sjson->"_id"`,
// so that SQLite would read the whole table.
const idExpression = `_ferretdb_sjson->'$._id'`

// keepIDsIndexed creates an index for each table, until the context ends.
func keepIDsIndexed(ctx context.Context, dir string) {
	ticker := time.NewTicker(indexInterval)
	defer ticker.Stop()
	for {
		if err := indexIDs(ctx, dir); err != nil && ctx.Err() == nil {
			slog.Warn("indexing _id failed, trying again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// indexIDs creates the missing indexes in all databases of a folder.
func indexIDs(ctx context.Context, dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.sqlite"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := indexFile(ctx, file); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

func indexFile(ctx context.Context, file string) error {
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(10000)")
	if err != nil {
		return err
	}
	defer db.Close()
	tables, err := queryNames(ctx, db, tablesWithoutIndex)
	if err != nil {
		return err
	}
	for _, table := range tables {
		create := fmt.Sprintf("CREATE INDEX IF NOT EXISTS %q ON %q (%s)", "vidette_id_"+table, table, idExpression)
		if _, err := db.ExecContext(ctx, create); err != nil {
			return err
		}
	}
	return nil
}

func queryNames(ctx context.Context, db *sql.DB, query string) ([]string, error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}
