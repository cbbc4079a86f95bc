package store

import "fmt"

// statements are the SQL texts of one collection, made once: the text is the key of the
// prepared statement in each connection.
type statements struct {
	get, insert, replace, delete, bury string
	changes, head                      string
	indexes                            map[*index]indexStatements
	byID                               indexStatements
}

type indexStatements struct {
	put, drop, count string
	scan             [2][2]string // [descending][lower bound open]
}

func docTable(s *schema) string             { return "d_" + s.Name }
func goneTable(s *schema) string            { return "g_" + s.Name }
func indexTable(s *schema, x string) string { return "i_" + s.Name + "__" + x }

func newStatements(s *schema) *statements {
	d, g := docTable(s), goneTable(s)
	st := &statements{
		get:     fmt.Sprintf(`SELECT seq, body FROM %s WHERE id = ?`, d),
		insert:  fmt.Sprintf(`INSERT INTO %s (id, seq, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, d),
		replace: fmt.Sprintf(`UPDATE %s SET seq = ?, body = ? WHERE id = ? AND seq = ?`, d),
		delete:  fmt.Sprintf(`DELETE FROM %s WHERE id = ? AND seq = ?`, d),
		bury:    fmt.Sprintf(`INSERT OR REPLACE INTO %s (id, seq) VALUES (?, ?)`, g),
		changes: fmt.Sprintf(`SELECT seq, id, gone FROM (
			SELECT * FROM (SELECT seq, id, 0 AS gone FROM %s WHERE seq > ? ORDER BY seq LIMIT ?) UNION ALL
			SELECT * FROM (SELECT seq, id, 1 AS gone FROM %s WHERE seq > ? ORDER BY seq LIMIT ?)) ORDER BY seq LIMIT ?`, d, g),
		head:    fmt.Sprintf(`SELECT max(coalesce((SELECT max(seq) FROM %s), 0), coalesce((SELECT max(seq) FROM %s), 0))`, d, g),
		indexes: map[*index]indexStatements{},
	}
	st.byID.count = fmt.Sprintf(`SELECT count(*) FROM %s WHERE id >= ? AND id < ?`, d)
	for desc, order := range []string{"", " DESC"} {
		for open, op := range []string{">=", ">"} {
			st.byID.scan[desc][open] = fmt.Sprintf(
				`SELECT id, seq, body FROM %s WHERE id %s ? AND id < ? ORDER BY id%s LIMIT ?`, d, op, order)
		}
	}
	for _, ix := range s.indexes {
		t := indexTable(s, ix.Name)
		x := indexStatements{
			put:   fmt.Sprintf(`INSERT INTO %s (k, id) VALUES (?, ?) ON CONFLICT DO NOTHING`, t),
			drop:  fmt.Sprintf(`DELETE FROM %s WHERE k = ? AND id = ?`, t),
			count: fmt.Sprintf(`SELECT count(*) FROM %s WHERE (k, id) >= (?, ?) AND (k, id) < (?, ?)`, t),
		}
		for desc, order := range []string{"", " DESC"} {
			for open, op := range []string{">=", ">"} {
				x.scan[desc][open] = fmt.Sprintf(
					`SELECT i.id, d.seq, d.body, i.k FROM %s i CROSS JOIN %s d ON d.id = i.id
					WHERE (i.k, i.id) %s (?, ?) AND (i.k, i.id) < (?, ?) ORDER BY i.k%s, i.id%s LIMIT ?`, t, d, op, order, order)
			}
		}
		st.indexes[ix] = x
	}
	return st
}

func (s *schema) sql() *statements { return s.statements }

func (st *statements) of(ix *index) indexStatements {
	if ix == nil {
		return st.byID
	}
	return st.indexes[ix]
}

func (st *statements) count(ix *index) string { return st.of(ix).count }

func (st *statements) scan(ix *index, desc, open bool) string {
	d, o := 0, 0
	if desc {
		d = 1
	}
	if open {
		o = 1
	}
	return st.of(ix).scan[d][o]
}
