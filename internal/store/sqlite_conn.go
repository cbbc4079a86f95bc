package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"time"

	"modernc.org/sqlite"

	"qiming/internal/fault"
)

// Result codes of SQLite that the engine tells apart (sqlite.org/rescode.html).
const (
	sqliteBusy        = 5
	sqliteLocked      = 6
	sqliteIOErr       = 10
	sqliteCorrupt     = 11
	sqliteFull        = 13
	sqliteNotADB      = 26
	sqliteIOErrWrite  = sqliteIOErr | 3<<8
	sqliteIOErrTrunc  = sqliteIOErr | 6<<8
	sqliteIOErrShmLen = sqliteIOErr | 19<<8
)

// conn is one connection with its prepared statements. It goes below database/sql, whose
// bookkeeping costs as much as a small read. It is not safe for concurrent use.
type conn struct {
	raw   driver.Conn
	stmts map[string]driver.Stmt
	row   []driver.Value
}

func dialSQLite(dsn string) (*conn, error) {
	c, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	raw, err := c.Connect(context.Background())
	// Setting the journal mode of a new file does not wait for another process that does the same.
	for n := 0; isBusy(err) && n < int(lockWait/lockStep); n++ {
		time.Sleep(lockStep)
		raw, err = c.Connect(context.Background())
	}
	if err != nil {
		return nil, sqliteFault(err)
	}
	return &conn{raw: raw, stmts: map[string]driver.Stmt{}}, nil
}

func (c *conn) stmt(sql string) (driver.Stmt, error) {
	if st := c.stmts[sql]; st != nil {
		return st, nil
	}
	st, err := c.raw.Prepare(sql)
	if err != nil {
		return nil, err
	}
	c.stmts[sql] = st
	return st, nil
}

func named(args []any) []driver.NamedValue {
	out := make([]driver.NamedValue, len(args))
	for i, a := range args {
		if n, ok := a.(int); ok {
			a = int64(n)
		}
		out[i] = driver.NamedValue{Ordinal: i + 1, Value: a}
	}
	return out
}

// exec runs a statement and gives the number of rows that it changed. The context is the
// background on purpose: statements are short, and a cancelled half would help nobody.
func (c *conn) exec(sql string, args ...any) (int64, error) {
	st, err := c.stmt(sql)
	if err != nil {
		return 0, err
	}
	res, err := st.(driver.StmtExecContext).ExecContext(context.Background(), named(args))
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// query calls each for every row; the row is only good during the call.
func (c *conn) query(each func(row []driver.Value) error, sql string, args ...any) error {
	st, err := c.stmt(sql)
	if err != nil {
		return err
	}
	rows, err := st.(driver.StmtQueryContext).QueryContext(context.Background(), named(args))
	if err != nil {
		return err
	}
	defer rows.Close()
	n := len(rows.Columns())
	if cap(c.row) < n {
		c.row = make([]driver.Value, n)
	}
	row := c.row[:n]
	for {
		if err := rows.Next(row); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := each(row); err != nil {
			return err
		}
	}
}

// number gives the one number that a query yields, 0 where there is no row or null.
func (c *conn) number(sql string, args ...any) (int64, error) {
	var n int64
	err := c.query(func(row []driver.Value) error { n, _ = row[0].(int64); return nil }, sql, args...)
	return n, err
}

func (c *conn) close() error {
	for _, st := range c.stmts {
		_ = st.Close()
	}
	c.stmts = nil
	return c.raw.Close()
}

// sqliteFault turns an error of SQLite into a fault where the operator can do something.
func sqliteFault(err error) error {
	var e *sqlite.Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	switch e.Code() {
	case sqliteIOErrWrite, sqliteIOErrTrunc, sqliteIOErrShmLen:
		return fault.Wrap(fault.Unavailable, "store.full", err)
	}
	switch e.Code() & 0xff {
	case sqliteFull:
		return fault.Wrap(fault.Unavailable, "store.full", err)
	case sqliteBusy, sqliteLocked:
		return fault.Wrap(fault.Unavailable, "store.busy", err)
	case sqliteIOErr:
		return fault.Wrap(fault.Unavailable, "store.io", err)
	case sqliteCorrupt, sqliteNotADB:
		return fault.Wrap(fault.Unavailable, "store.corrupt", err)
	}
	return err
}

// isBusy says whether another process holds the lock.
func isBusy(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqliteBusy
}
