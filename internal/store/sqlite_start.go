package store

import (
	"context"
	"database/sql/driver"
	"fmt"
)

// start makes what lacks. Each step is one transaction that reads where things stand and
// writes how far it came, so a crash or a second process starting at once does no harm.
func (e *sqliteEngine) start(ctx context.Context, schemas []*schema) error {
	err := e.inTransaction(func(c *conn) error {
		return c.run(
			`CREATE TABLE IF NOT EXISTS qiming_counter (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL)`,
			`INSERT INTO qiming_counter (one, seq) VALUES (1, 0) ON CONFLICT DO NOTHING`,
			`CREATE TABLE IF NOT EXISTS qiming_collections (name TEXT PRIMARY KEY, version INTEGER NOT NULL,
				after TEXT NOT NULL DEFAULT '')`,
			`CREATE TABLE IF NOT EXISTS qiming_indexes (name TEXT PRIMARY KEY, collection TEXT NOT NULL,
				definition TEXT NOT NULL, ready INTEGER NOT NULL, after TEXT NOT NULL DEFAULT '')`)
	})
	if err != nil {
		return err
	}
	for _, s := range schemas {
		if err := e.prepare(ctx, s); err != nil {
			return fmt.Errorf("store: %s: %w", s.Name, err)
		}
	}
	return nil
}

func (c *conn) run(sqls ...string) error {
	for _, sql := range sqls {
		if _, err := c.exec(sql); err != nil {
			return err
		}
	}
	return nil
}

func (e *sqliteEngine) prepare(ctx context.Context, s *schema) error {
	err := e.inTransaction(func(c *conn) error {
		d, g := docTable(s), goneTable(s)
		err := c.run(
			`CREATE TABLE IF NOT EXISTS `+d+` (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, seq INTEGER NOT NULL, body BLOB NOT NULL)`,
			`CREATE INDEX IF NOT EXISTS `+d+`_seq ON `+d+` (seq)`,
			`CREATE TABLE IF NOT EXISTS `+g+` (id TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID`,
			`CREATE INDEX IF NOT EXISTS `+g+`_seq ON `+g+` (seq)`)
		if err != nil {
			return err
		}
		if _, err = c.exec(`INSERT INTO qiming_collections (name, version) VALUES (?, ?) ON CONFLICT DO NOTHING`, s.Name, s.Version); err != nil {
			return err
		}
		version, err := c.number(`SELECT version FROM qiming_collections WHERE name = ?`, s.Name)
		if err != nil {
			return err
		}
		if version > int64(s.Version) {
			return errNewer(s, version)
		}
		if version < int64(s.Version) {
			// Migrated documents have other keys: the indexes are built anew afterwards.
			if err := e.dropIndexes(c, s, func(string, string) bool { return true }); err != nil {
				return err
			}
		}
		return e.dropIndexes(c, s, func(name, definition string) bool {
			ix := s.index(name)
			return ix == nil || ix.definition() != definition
		})
	})
	if err != nil {
		return err
	}
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := e.inTransaction(func(c *conn) error { more, err = e.migrateSome(c, s); return err })
		if err != nil {
			return err
		}
	}
	for _, ix := range s.indexes {
		for more := true; more; {
			if err := ctx.Err(); err != nil {
				return err
			}
			err := e.inTransaction(func(c *conn) error { more, err = e.buildSome(c, s, ix); return err })
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// dropIndexes drops the indexes of a collection that the function picks.
func (e *sqliteEngine) dropIndexes(c *conn, s *schema, pick func(name, definition string) bool) error {
	var names []string
	err := c.query(func(row []driver.Value) error {
		table := row[0].(string)
		name := table[len(indexTable(s, "")):]
		if pick(name, row[1].(string)) {
			names = append(names, name)
		}
		return nil
	}, `SELECT name, definition FROM qiming_indexes WHERE collection = ?`, s.Name)
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, err := c.exec(`DROP TABLE IF EXISTS ` + indexTable(s, name)); err != nil {
			return err
		}
		if _, err := c.exec(`DELETE FROM qiming_indexes WHERE name = ?`, indexTable(s, name)); err != nil {
			return err
		}
	}
	return nil
}

// some gives the next documents after an id.
func some(c *conn, s *schema, after string) ([]record, error) {
	var out []record
	err := c.query(func(row []driver.Value) error {
		out = append(out, record{id: row[0].(string), seq: row[1].(int64), body: row[2].([]byte)})
		return nil
	}, s.sql().scan(nil, false, true), after, endOfIDs, migrateBatch)
	return out, err
}

// migrateSome lifts the next batch of documents and notes how far it came.
func (e *sqliteEngine) migrateSome(c *conn, s *schema) (more bool, err error) {
	var version int64
	after := ""
	err = c.query(func(row []driver.Value) error {
		version, after = row[0].(int64), row[1].(string)
		return nil
	}, `SELECT version, after FROM qiming_collections WHERE name = ?`, s.Name)
	if err != nil || version == int64(s.Version) {
		return false, err
	}
	docs, err := some(c, s, after)
	if err != nil {
		return false, err
	}
	if len(docs) == 0 {
		_, err := c.exec(`UPDATE qiming_collections SET version = ?, after = '' WHERE name = ?`, version+1, s.Name)
		return true, err
	}
	seq, err := c.nextSeqs(len(docs))
	if err != nil {
		return false, err
	}
	for i, r := range docs {
		body, err := s.migrated(r.body, int(version))
		if err != nil {
			return false, err
		}
		if _, err := c.exec(s.sql().replace, seq+int64(i), body, r.id, r.seq); err != nil {
			return false, err
		}
	}
	_, err = c.exec(`UPDATE qiming_collections SET after = ? WHERE name = ?`, docs[len(docs)-1].id, s.Name)
	return true, err
}

// buildSome enters the next batch of documents into an index that is not ready yet.
func (e *sqliteEngine) buildSome(c *conn, s *schema, ix *index) (more bool, err error) {
	table := indexTable(s, ix.Name)
	found, ready, after := false, false, ""
	err = c.query(func(row []driver.Value) error {
		found, ready, after = true, row[0].(int64) == 1, row[1].(string)
		return nil
	}, `SELECT ready, after FROM qiming_indexes WHERE name = ?`, table)
	if err != nil || ready {
		return false, err
	}
	if !found {
		key := "PRIMARY KEY (k, id)"
		if ix.Unique {
			key = "PRIMARY KEY (k)"
		}
		if _, err := c.exec(`CREATE TABLE ` + table + ` (k BLOB NOT NULL, id TEXT NOT NULL, ` + key + `) WITHOUT ROWID`); err != nil {
			return false, err
		}
		if _, err := c.exec(`INSERT INTO qiming_indexes (name, collection, definition, ready) VALUES (?, ?, ?, 0)`,
			table, s.Name, ix.definition()); err != nil {
			return false, err
		}
	}
	docs, err := some(c, s, after)
	if err != nil {
		return false, err
	}
	if len(docs) == 0 {
		_, err := c.exec(`UPDATE qiming_indexes SET ready = 1, after = '' WHERE name = ?`, table)
		return false, err
	}
	for _, r := range docs {
		keys, err := indexKeys(ix, r.body)
		if err != nil {
			return false, fmt.Errorf("document %q: %w", r.id, err)
		}
		for _, k := range keys {
			n, err := c.exec(s.sql().indexes[ix].put, []byte(k), r.id)
			if err != nil {
				return false, err
			}
			if n == 0 && ix.Unique {
				return false, fmt.Errorf("index %s cannot be built: document %q clashes: %w", ix.Name, r.id, errExists(s, ix.Name))
			}
		}
	}
	_, err = c.exec(`UPDATE qiming_indexes SET after = ? WHERE name = ?`, docs[len(docs)-1].id, table)
	return true, err
}
