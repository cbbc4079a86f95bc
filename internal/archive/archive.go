// Package archive finds zip files harmless before anything of them is unpacked, whatever they hold: a workbook, a
// package, a document.
package archive

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"

	"qiming/internal/fault"
)

// Limits of a zip file.
const (
	MaxEntries = 20_000   // a bank of 10,000 questions of QTI has a file for each
	MaxEntry   = 64 << 20 // bytes that one file unpacks to: far above any table or text that is read, and as much as its reader can bear
	maxRatio   = 300      // unpacked to packed, of an entry larger than
	RatioFrom  = 8 << 20  // this many bytes
)

// Entry is a file of an archive by its clean path, which leads nowhere out of it and is no other entry's.
type Entry struct {
	Name string
	File *zip.File
}

// Open gives the files of an archive in their order; all of them together say that they unpack to no more than most bytes
// and each by itself to no more than MaxEntry (what an entry holds beyond what it says is for the reader to refuse). Faults, all fault.Invalid: "archive.broken",
// "archive.entries", "archive.path", "archive.protected", "archive.bomb", "archive.entry_large".
func Open(data []byte, most uint64) ([]Entry, error) {
	refuse := func(key string) *fault.Fault { return fault.New(fault.Invalid, key, "the archive is refused") }
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, refuse("archive.broken").With("reason", err.Error())
	}
	if len(z.File) > MaxEntries {
		return nil, refuse("archive.entries").With("max", MaxEntries)
	}
	seen := make(map[string]bool, len(z.File))
	entries := make([]Entry, 0, len(z.File))
	var total uint64
	for _, f := range z.File {
		name, ok := cleanName(f.Name)
		mode := f.Mode()
		switch {
		case !ok, mode&^fs.ModePerm != 0 && !mode.IsDir(), seen[name]:
			return nil, refuse("archive.path").With("name", strings.ToValidUTF8(f.Name, "\ufffd"))
		case f.Flags&1 != 0:
			return nil, refuse("archive.protected")
		}
		size := f.UncompressedSize64
		switch total += size; {
		case size > most, total > most, size > RatioFrom && size/maxRatio > f.CompressedSize64:
			return nil, refuse("archive.bomb").With("max_mib", most>>20)
		case size > MaxEntry:
			return nil, refuse("archive.entry_large").With("name", strings.ToValidUTF8(f.Name, "\ufffd")).With("max_mib", uint64(MaxEntry>>20))
		}
		if mode.IsDir() || strings.HasSuffix(f.Name, "/") {
			continue
		}
		seen[name] = true
		entries = append(entries, Entry{name, f})
	}
	return entries, nil
}

// cleanName gives the path of an entry with plain slashes; ok is false where it would lead out of the archive or
// cannot be shown.
func cleanName(name string) (clean string, ok bool) {
	name = strings.ReplaceAll(name, `\`, "/")
	if name == "" || strings.HasPrefix(name, "/") || strings.Contains(name, ":") || strings.ContainsFunc(name, unicode.IsControl) ||
		slices.Contains(strings.Split(name, "/"), "..") {
		return "", false
	}
	return path.Clean(name), true
}
