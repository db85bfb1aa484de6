package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// FerretDB reads a whole collection for each page of a search, because it passes no filter but one of _id
// to SQLite. Instead, a client inserts the search as a document into the collection searches: a trigger
// writes the page into the member "page" of that document, which the client then reads by its _id.
// A search has the members "class", "video_id", "event_id" and "scenario_uuid" (text or null), "min_conf",
// "after" and "before" (limits of _id, not included), "limit", and "page" (an empty text).

// Members by which sightings are selected: a search uses the index of the first one that it has.
var selectors = []string{"event_id", "scenario_uuid", "video_id", "class"}

// tableOf returns the table of a collection, or "" if it does not exist yet.
func tableOf(ctx context.Context, db *sql.DB, collection string) (string, error) {
	var table string
	const query = "SELECT table_name FROM _ferretdb_collections WHERE name = ?"
	err := db.QueryRowContext(ctx, query, collection).Scan(&table)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return table, err
}

// enableSearch creates the indexes of sightings and the triggers of searches, in place of those of other
// builds. It returns false while a collection does not exist yet.
func enableSearch(ctx context.Context, db *sql.DB) (bool, error) {
	sightings, err := tableOf(ctx, db, "sightings")
	if err != nil || sightings == "" {
		return false, err
	}
	searches, err := tableOf(ctx, db, "searches")
	if err != nil || searches == "" {
		return false, err
	}
	for number := range len(selectors) + 1 {
		for _, statement := range searchStatements(sightings, searches, number) {
			if _, err := db.ExecContext(ctx, statement); err != nil {
				return false, err
			}
		}
	}
	return true, nil
}

// searchStatements returns the index and the trigger of a selector; that after the last one is for searches
// without any.
func searchStatements(sightings, searches string, number int) []string {
	name, columns := "all", []string{"_id", "class", "max_conf"}
	if number < len(selectors) {
		name = selectors[number]
		columns = append([]string{name}, columns...)
	}
	var expressions []string
	for _, column := range columns {
		expressions = append(expressions, member("", column))
	}
	trigger := "vidette_search_" + name
	return []string{
		fmt.Sprintf("CREATE INDEX IF NOT EXISTS %q ON %q (%s)",
			"vidette_sightings_"+name, sightings, strings.Join(expressions, ", ")),
		fmt.Sprintf("DROP TRIGGER IF EXISTS %q", trigger),
		fmt.Sprintf(`CREATE TRIGGER %q AFTER INSERT ON %q WHEN %s BEGIN
			UPDATE %q SET _ferretdb_sjson = json_set(_ferretdb_sjson, '$.page', (
				SELECT json_group_array(json(document)) || '' FROM (%s)
			)) WHERE rowid = NEW.rowid;
		END`, trigger, searches, condition(number), searches, pageQuery(sightings, number)),
	}
}

// condition returns when a search has this selector and none before it.
func condition(number int) string {
	var terms []string
	for _, earlier := range selectors[:number] {
		terms = append(terms, member("NEW", earlier)+" IS NULL")
	}
	if number < len(selectors) {
		terms = append(terms, member("NEW", selectors[number])+" IS NOT NULL")
	}
	return strings.Join(terms, " AND ")
}

// pageQuery returns the query of a page, whose documents have no schema of FerretDB.
func pageQuery(sightings string, number int) string {
	id := member("s", "_id")
	terms := []string{
		id + " > " + member("NEW", "after"),
		id + " < " + member("NEW", "before"),
		member("s", "max_conf") + " >= " + member("NEW", "min_conf"),
	}
	if number < len(selectors) {
		terms = append(terms, member("s", selectors[number])+" = "+member("NEW", selectors[number]))
		for _, later := range selectors[number+1:] {
			wanted := member("NEW", later)
			terms = append(terms, fmt.Sprintf("(%s IS NULL OR %s = %s)", wanted, member("s", later), wanted))
		}
	}
	return fmt.Sprintf(`SELECT json_remove(s._ferretdb_sjson, '$."$s"') AS document FROM %q s WHERE %s ORDER BY %s LIMIT %s`,
		sightings, strings.Join(terms, " AND "), id, member("NEW", "limit"))
}

// member returns the expression of a member of a document.
func member(table, name string) string {
	if table != "" {
		table += "."
	}
	return table + "_ferretdb_sjson->>'$." + name + "'"
}
