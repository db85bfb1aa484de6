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

// indexer creates indexes in the databases of a folder.
type indexer struct {
	dir string
	// Databases whose searches have their triggers.
	searchable map[string]bool
}

// keepIndexed creates an index for each table, and what searches need, until the context ends.
func keepIndexed(ctx context.Context, dir string) {
	ticker := time.NewTicker(indexInterval)
	defer ticker.Stop()
	folder := indexer{dir, map[string]bool{}}
	for {
		if err := folder.index(ctx); err != nil && ctx.Err() == nil {
			slog.Warn("indexing failed, trying again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// index creates what is missing in all databases.
func (folder indexer) index(ctx context.Context) error {
	files, err := filepath.Glob(filepath.Join(folder.dir, "*.sqlite"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := folder.indexFile(ctx, file); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

func (folder indexer) indexFile(ctx context.Context, file string) error {
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(10000)")
	if err != nil {
		return err
	}
	defer db.Close()
	if err := indexIDs(ctx, db); err != nil || folder.searchable[file] {
		return err
	}
	folder.searchable[file], err = enableSearch(ctx, db)
	return err
}

// indexIDs creates the missing indexes on idExpression in a database.
func indexIDs(ctx context.Context, db *sql.DB) error {
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
