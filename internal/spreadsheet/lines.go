package spreadsheet

import (
	"bufio"
	"fmt"
)

// OpenQuote is a quotation mark that opens a cell and is never closed, so that the rest of the file stands in that cell.
type OpenQuote struct {
	Row    int // of the file, from 1
	Column int // from 1
}

// Error names the place and what to do.
func (q *OpenQuote) Error() string {
	return fmt.Sprintf("row %d, column %d: a quotation mark opens here and is never closed; close it or take it away", q.Row, q.Column)
}

// lineReader gives text with lines that end in "\n", whether they ended in that, in "\r\n" or, as old Macs and some
// spreadsheets write them, in "\r"; and it notes the quoted cell that it is in, as encoding/csv with lazy quotes reads it.
type lineReader struct {
	in          *bufio.Reader
	comma       byte
	row, column int // of the cell at hand, from 0
	begun       bool
	open        *OpenQuote // nil outside of quoted cells
	pair        bool       // the sign at hand is the second mark of a pair, which stands for one
}

// Read gives the next piece.
func (l *lineReader) Read(p []byte) (int, error) {
	n, err := l.in.Read(p)
	kept := 0
	for i := 0; i < n; i++ {
		c := p[i]
		next := byte('\n') // at the end of the file
		if i+1 < n {
			next = p[i+1]
		} else if more, err := l.in.Peek(1); err == nil {
			next = more[0]
		}
		if c == '\r' {
			if next == '\n' {
				continue
			}
			c = '\n'
		}
		l.see(c, next)
		p[kept] = c
		kept++
	}
	if kept == 0 && n > 0 && err == nil {
		return l.Read(p)
	}
	return kept, err
}

// see follows the cells by one sign; next is the one behind it.
func (l *lineReader) see(c, next byte) {
	ends := next == l.comma || next == '\n' || next == '\r'
	switch {
	case l.pair:
		l.pair = false
		return
	case c == '"' && l.open != nil && next == '"':
		l.pair = true
		return
	case c == '"' && !l.begun:
		l.open, l.begun = &OpenQuote{l.row + 1, l.column + 1}, true
		return
	case c == '"' && l.open != nil && ends:
		l.open = nil
		return
	}
	if c == '\n' {
		l.row++
	}
	if l.open == nil && c == '\n' {
		l.column, l.begun = 0, false
	} else if l.open == nil && c == l.comma {
		l.column, l.begun = l.column+1, false
	} else {
		l.begun = true
	}
}
