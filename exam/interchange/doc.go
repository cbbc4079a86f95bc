// Package interchange reads and writes question files: XLSX, CSV, JSON, GIFT and Aiken, a format a
// file. A file becomes records (one a question, with the problems found in it), records become
// questions of the bank, and every record is accounted for: imported, a duplicate, or a named problem.
//
// Words: a record is one question as a file holds it; an item is what it means; a field is what a
// column of a table holds ("stem", "answer"); a mapping says which column holds which field; a
// problem names row, column and code, and its message says how to mend the row. An error keeps the
// record out of the bank; a warning does not.
//
// Adding a format is one file with a type that fulfils format, and a line in formats.
package interchange
