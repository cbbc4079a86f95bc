// Package spreadsheet reads and writes tables as spreadsheet programs keep them: XLSX and CSV, in the encodings
// that are met in China. A table is rows of cells; what a column means is the business of the caller.
package spreadsheet
