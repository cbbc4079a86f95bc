package interchange

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"
)

// Limits of a zip file, whatever it holds: a workbook, a package, a document.
const (
	maxEntries  = 10_000
	maxRatio    = 300     // unpacked to packed, of an entry larger than
	ratioCounts = 8 << 20 // this many bytes
)

// archive is a zip file that was found harmless: its entries are files with names of their own below its root, and
// all of them together unpack to no more than MaxUnzip.
type archive struct {
	entries map[string]*zip.File // by clean path
	names   []string             // in the order of the file
}

// openArchive looks at every entry before anything is unpacked. A refusal is a problem of the whole file.
func openArchive(data []byte, what Format) (archive, *Problem) {
	refuse := func(code string, params ...any) (archive, *Problem) {
		p := fileProblem(Error, code, params...)
		return archive{}, &p
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return refuse("file.broken", "format", strings.ToUpper(string(what)), "reason", shorten(err.Error()))
	}
	if len(z.File) > maxEntries {
		return refuse("file.entries", "max", maxEntries)
	}
	a := archive{entries: make(map[string]*zip.File, len(z.File))}
	var total uint64
	for _, f := range z.File {
		name, ok := entryName(f.Name)
		mode := f.Mode()
		switch {
		case !ok, mode&^fs.ModePerm != 0 && !mode.IsDir(), a.entries[name] != nil:
			return refuse("file.path", "name", shorten(strings.ToValidUTF8(f.Name, "\ufffd")))
		case f.Flags&1 != 0:
			return refuse("file.protected")
		}
		size := f.UncompressedSize64
		if total += size; size > MaxUnzip || total > MaxUnzip || size > ratioCounts && size/maxRatio > f.CompressedSize64 {
			return refuse("file.bomb", "max_mib", MaxUnzip>>20)
		}
		if mode.IsDir() || strings.HasSuffix(f.Name, "/") {
			continue
		}
		a.entries[name] = f
		a.names = append(a.names, name)
	}
	return a, nil
}

// entryName gives the path of an entry with plain slashes; ok is false where it would lead out of the archive or
// cannot be shown.
func entryName(name string) (clean string, ok bool) {
	name = strings.ReplaceAll(name, `\`, "/")
	if name == "" || strings.HasPrefix(name, "/") || strings.Contains(name, ":") || strings.ContainsFunc(name, unicode.IsControl) ||
		slices.Contains(strings.Split(name, "/"), "..") {
		return "", false
	}
	return path.Clean(name), true
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

const errEntryLarge entryError = "压缩包中的文件比允许的大，或比声明的大"
