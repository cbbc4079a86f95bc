package interchange

import (
	"archive/zip"
	"errors"
	"io"
	"strings"

	files "qiming/internal/archive"
	"qiming/internal/fault"
)

// archive is a zip file that was found harmless: its entries are files with names of their own below its root, and
// all of them together unpack to no more than MaxUnzip.
type archive struct {
	entries map[string]*zip.File // by clean path
	names   []string             // in the order of the file
}

// openArchive looks at every entry before anything is unpacked. A refusal is a problem of the whole file.
func openArchive(data []byte, what Format) (archive, *Problem) {
	entries, err := files.Open(data, MaxUnzip)
	if err != nil {
		p := archiveProblem(err, what)
		return archive{}, &p
	}
	a := archive{entries: make(map[string]*zip.File, len(entries))}
	for _, e := range entries {
		a.entries[e.Name] = e.File
		a.names = append(a.names, e.Name)
	}
	return a, nil
}

// archiveProblem tells a refusal in the words of an import.
func archiveProblem(err error, what Format) Problem {
	params := []any{"format", strings.ToUpper(string(what))}
	var f *fault.Fault
	if errors.As(err, &f) {
		for name, value := range f.Params {
			if text, ok := value.(string); ok {
				value = shorten(text)
			}
			params = append(params, name, value)
		}
	}
	return fileProblem(Error, "file."+strings.TrimPrefix(fault.KeyOf(err), "archive."), params...)
}

// read unpacks an entry; found is false where there is none. An entry that holds more than it says, or more than
// limit bytes, is an error.
func (a archive) read(name string, limit int64) (data []byte, found bool, err error) {
	f := a.entries[name]
	if f == nil {
		return nil, false, nil
	}
	if f.UncompressedSize64 > uint64(limit) {
		return nil, true, errEntryLarge
	}
	r, err := f.Open()
	if err != nil {
		return nil, true, err
	}
	defer r.Close()
	data, err = io.ReadAll(io.LimitReader(r, int64(f.UncompressedSize64)+1))
	if err == nil && uint64(len(data)) > f.UncompressedSize64 {
		err = errEntryLarge
	}
	return data, true, err
}

type entryError string

func (e entryError) Error() string { return string(e) }

const errEntryLarge entryError = "a file of the archive is larger than allowed, or than it says"
